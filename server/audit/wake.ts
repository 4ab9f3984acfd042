import { EventEmitter } from 'node:events';

const bell = new EventEmitter();

/** Tells this process's sealer that there is something to seal; other processes' sealers look by themselves. */
export function pendingWritten(): void {
  bell.emit('written');
}

/** Listens for `pendingWritten`; the returned function stops listening. */
export function onPendingWritten(listener: () => void): () => void {
  bell.on('written', listener);
  return () => bell.off('written', listener);
}
