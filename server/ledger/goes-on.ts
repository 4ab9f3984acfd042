import type { Checkpoint } from './checkpoint';
import { rootByTiles, type ReadTile } from './tiles';
import { Fault } from './verdict';

/**
 * Demands that the log as it is stored has, at the size of an earlier verification, the root it had then.
 *
 * @throws Fault FORKED when the log's key has signed another history since, TAMPERED when nobody signed what is stored
 */
export async function demandGoesOn(
  before: { size: number; root: Buffer },
  newest: Checkpoint | null,
  read: ReadTile,
): Promise<void> {
  if (before.size === 0 || (await rootByTiles(before.size, read)).equals(before.root)) return;
  const signed = newest && newest.size >= before.size && (await rootByTiles(newest.size, read)).equals(newest.root);
  const finding = `the first ${before.size} entries are not those verified before`;
  throw signed
    ? new Fault('FORKED', null, `${finding}, and the log's key signed them`)
    : new Fault('TAMPERED', null, finding);
}
