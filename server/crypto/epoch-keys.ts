import type { KeyObject } from 'node:crypto';
import { EpochUnavailableError, KeyUnavailableError } from './errors';
import { unwrapEpoch, type KeyEpochRow } from './kek';
import type { KeyCustody } from './custody/custody';

/** Where wrapped key-encryption keys are kept. */
export interface EpochStore {
  epochs(): Promise<KeyEpochRow[]>;
}

/**
 * The key-encryption keys this process has unwrapped, by epoch. Custody is asked once for each: at start, and when another
 * process has rotated.
 */
export class EpochKeys {
  private refreshing: Promise<void> | null = null;
  private opened = false;

  /** @param keks those already unwrapped */
  constructor(
    private readonly custody: Pick<KeyCustody, 'kind' | 'unwrap'>,
    private readonly store: EpochStore,
    private readonly keks = new Map<number, KeyObject>(),
  ) {}

  /** The key-encryption key of an epoch; null when there is no such epoch, or no longer. Throws EpochUnavailableError. */
  async find(epoch: number): Promise<KeyObject | null> {
    const known = this.keks.get(epoch);
    if (known) return known;
    await this.refresh();
    return this.keks.get(epoch) ?? null;
  }

  /** The epoch new data keys are wrapped under. Throws KeyUnavailableError when there is none at all. */
  newest(): { epoch: number; kek: KeyObject } {
    const epoch = Math.max(...this.keks.keys());
    const kek = this.keks.get(epoch);
    if (!kek) throw new KeyUnavailableError('There is no key-encryption key.');
    return { epoch, kek };
  }

  /**
   * Unwraps epochs that are new in the store and forgets those that are gone. Throws EpochUnavailableError; the first time
   * what custody throws, WrongRootKeyError mostly.
   */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async read(): Promise<void> {
    const rows = await this.store.epochs();
    for (const row of rows) {
      if (!this.keks.has(row.epoch)) this.keks.set(row.epoch, await this.unwrap(row));
    }
    for (const epoch of this.keks.keys()) {
      if (!rows.some((row) => row.epoch === epoch)) this.keks.delete(epoch);
    }
    this.opened = true;
  }

  private async unwrap(row: KeyEpochRow): Promise<KeyObject> {
    try {
      return await unwrapEpoch(this.custody, row);
    } catch (error) {
      if (!this.opened) throw error; // at start custody speaks for itself: there is nothing yet that could go on
      const why = error instanceof Error ? error.message : 'custody gave no reason';
      throw new EpochUnavailableError(`Key epoch ${row.epoch} cannot be unwrapped now: ${why}`, { cause: error });
    }
  }
}
