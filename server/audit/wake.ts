import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import type { PendingEntry } from './entry-draft';

type Listener = (pool: Pool, entries: readonly PendingEntry[]) => void;

const bell = new EventEmitter().setMaxListeners(0);

/** Tells this process that entries were committed and wait to be sealed; other processes' sealers look by themselves. */
export function pendingWritten(pool: Pool, entries: readonly PendingEntry[]): void {
  bell.emit('written', pool, entries);
}

/** Listens for `pendingWritten`; the returned function stops listening. */
export function onPendingWritten(listener: Listener): () => void {
  bell.on('written', listener);
  return () => bell.off('written', listener);
}
