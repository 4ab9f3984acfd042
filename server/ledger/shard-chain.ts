import type { KeyObject } from 'node:crypto';
import { openCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint';
import type { FoundNote } from './known-checkpoints';
import { noteHashOf, readOpening, type LostEntries, type ShardOpening } from './shard-statement';
import { Fault } from './verdict';

/** How a shard ended: its final checkpoint, and the note that says so. */
export interface ShardEnd {
  checkpoint: Checkpoint;
  note: string;
}

/** Opens the final note of a closed shard. Throws Fault when the log did not sign it. */
export function openEnd(note: string, keys: readonly KeyObject[]): ShardEnd {
  const checkpoint = openCheckpoint(note, keys);
  if (checkpoint) return { checkpoint, note };
  throw new Fault('TAMPERED', null, 'a final checkpoint does not carry the signature of this log');
}

/**
 * Demands that a shard, by its first entry, is the continuation of the one before it, and answers what that entry says.
 *
 * @throws Fault TAMPERED at the first entry when it is no opening signed by the log, or names another log or another end
 */
export function demandFollows(
  first: Buffer,
  origin: string,
  before: ShardEnd,
  keys: readonly KeyObject[],
): ShardOpening {
  const opening = openingOf(first, keys);
  const { checkpoint, note } = before;
  const { closed } = opening;
  const same =
    opening.origin === origin &&
    closed.origin === checkpoint.origin &&
    closed.size === checkpoint.size &&
    closed.root.equals(checkpoint.root) &&
    opening.noteHash === noteHashOf(note);
  if (same) return opening;
  throw new Fault('TAMPERED', 0, 'the first entry does not name the final checkpoint of the shard before it');
}

function openingOf(entry: Buffer, keys: readonly KeyObject[]): ShardOpening {
  const fault = new Fault(
    'TAMPERED',
    0,
    'the first entry does not say, signed by the log, which shard it goes on from',
  );
  try {
    const opening = readOpening(entry, keys);
    if (opening) return opening;
  } catch {
    throw fault; // no entry at all
  }
  throw fault;
}

/** Notes by the log they are of; those that cannot be read are given to the log of this origin, which will say so. */
export function notesByLog(
  notes: readonly FoundNote[],
  origins: readonly string[],
  unreadable: string,
): Map<string, FoundNote[]> {
  const byLog = new Map<string, FoundNote[]>(origins.map((origin) => [origin, []]));
  for (const note of notes) {
    const own = byLog.get(firstLine(note.text));
    if (own) own.push(note);
    else if (!readCheckpoint(note.text)) byLog.get(unreadable)?.push(note);
  }
  return byLog;
}

/**
 * Sets aside what is known to be lost: notes of entries beyond those that a restored backup had. Of these only the newest can
 * still be compared, with what the restore told.
 *
 * @param size of the shard, which may have grown beyond what was lost before anybody noticed; 0 when there is none
 * @throws Fault when a note names more entries than were told and than there are, or another root
 */
export function withoutLost(notes: readonly FoundNote[], lost: LostEntries | undefined, size = 0): FoundNote[] {
  if (!lost) return [...notes];
  return notes.filter(({ text }) => {
    const named = readCheckpoint(text);
    if (!named || named.size <= lost.from) return true;
    if (named.size > lost.size && named.size <= size) return true;
    if (named.size > lost.size) {
      const finding = `a signed checkpoint names ${named.size} entries, where ${lost.size} are known`;
      throw new Fault('TRUNCATED', lost.from, finding);
    }
    if (named.size === lost.size && named.size > size && !named.root.equals(lost.root))
      throw new Fault('FORKED', lost.from, `the ${lost.size} entries signed are not those that are told of`);
    return false;
  });
}

/** Notes of logs that are neither a shard nor lost as a whole: they are of another log. Throws Fault FORKED. */
export function demandKnownLogs(
  notes: readonly FoundNote[],
  origins: readonly string[],
  lost: readonly LostEntries[],
): void {
  for (const note of notes) {
    if (origins.includes(firstLine(note.text))) continue;
    const named = readCheckpoint(note.text)?.origin;
    if (named === undefined) continue;
    const told = lost.find(({ origin }) => origin === named);
    if (!told) throw new Fault('FORKED', 0, `a ${note.where} checkpoint is of another log`);
    withoutLost([note], told);
  }
}

/** One line about a shard that was dropped. */
export function droppedTold(number: number, first: number, size: number): string {
  return `entries ${first} to ${first + size - 1}, shard ${number}, were dropped after export; the checkpoint is kept`;
}

/** One line about entries that a restore has lost; `shard`: where they were, null when that began after the backup. */
export function lossTold(
  { origin, from, size }: LostEntries,
  shard: { number: number; first: number } | undefined,
  told: number | null,
): string {
  const where = shard ? `shard ${shard.number}` : `${origin}, a later shard,`;
  const first = shard?.first ?? 0;
  return `entries ${first + from} to ${first + size - 1} of ${where} were lost in a restore, told in ${told === null ? 'an entry dropped since' : `entry ${told}`}`;
}

const firstLine = (text: string): string => text.slice(0, text.indexOf('\n'));
