import type { DataKeyStore } from './data-key';

/** Messages are counted in blocks of this many, so that counting costs nothing per message. */
const RESERVED_AT_ONCE = 65_536;

/**
 * How many messages a process seals under the system's key. Random nonces bear 2^32 of them under one key (NIST SP 800-38D,
 * 8.3); no patient's key comes near, the system's is watched.
 */
export class MessageCount {
  private readonly left = new Map<bigint, number>();

  constructor(private readonly store: DataKeyStore) {}

  /** Makes sure that some messages are reserved under this key before they are sealed. */
  async reserve(id: bigint): Promise<void> {
    const left = this.left.get(id) ?? 0;
    if (left > 0) return;
    this.left.set(id, left + RESERVED_AT_ONCE);
    await this.store.reserve(id, RESERVED_AT_ONCE);
  }

  /** Counts one message, of a key that is watched. */
  count(id: bigint): void {
    const left = this.left.get(id);
    if (left !== undefined) this.left.set(id, left - 1);
  }
}
