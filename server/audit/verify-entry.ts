import { Fault, toBuffer, type EntryFacts, type LogWalk } from '../ledger';
import { columnTexts, expectedColumns, inUtf8 } from './entry-columns';
import { derivedColumns, type StoredEntry } from './entry-pages';

/**
 * Takes the next stored entry into the walk and compares its index, hashes and columns with what its bytes say. Answers the
 * patients it names.
 *
 * @param first index of the shard's first entry; the walk and faults count from there
 * @throws Fault TAMPERED at this entry
 */
export function verifyEntry(bytes: Buffer, stored: StoredEntry, walk: LogWalk, first: number): readonly string[] {
  const { index: found, start, end, leafStart, leafEnd, chainStart, chainEnd, columnsEnd } = stored;
  const place = walk.tree.size;
  if (found !== first + place) throw new Fault('TAMPERED', place, `entry ${first + place} is missing; found ${found}`);
  const facts = walk.take(bytes, start, end, (index, leaf, chain) => {
    demandSame(index, 'leaf hash', leaf, bytes.toString('latin1', leafStart, leafEnd));
    demandSame(index, 'chain hash', chain, bytes.toString('latin1', chainStart, chainEnd));
  });
  const columns = bytes.toString('latin1', chainEnd, columnsEnd);
  // nearly all are ASCII, where a character is a byte
  if (columns !== expectedColumns(facts, walk.time) && columns !== expectedColumns(inUtf8(facts), walk.time))
    throw columnsFault(place, columns, facts, walk.time);
  return facts.patients;
}

function demandSame(index: number, what: string, expected: string, found: string): void {
  if (expected === found) return;
  const hex = (digest: string) => toBuffer(digest).toString('hex');
  throw new Fault('TAMPERED', index, `${what}: expected ${hex(expected)}, found ${hex(found)}`);
}

function columnsFault(index: number, columns: string, facts: EntryFacts, time: number): Fault {
  const [found, expected] = [columnTexts(columns), columnTexts(expectedColumns(inUtf8(facts), time))];
  const place = expected.findIndex((value, at) => value !== found[at]);
  const told = (value: string | null | undefined) => value ?? 'nothing';
  const name = derivedColumns[place] ?? 'columns';
  return new Fault('TAMPERED', index, `column ${name}: expected ${told(expected[place])}, found ${told(found[place])}`);
}
