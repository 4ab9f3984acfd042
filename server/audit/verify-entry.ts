import { Fault, toBuffer, type EntryFacts, type LogWalk } from '../ledger';
import { BETWEEN, derivedColumns, NULL, type StoredEntry } from './entry-pages';

/**
 * Takes the next stored entry into the walk and compares its index, hashes and columns with what its bytes say. Answers the
 * patients it names.
 *
 * @param first index of the shard's first entry; the walk and faults count from there
 * @throws Fault TAMPERED at this entry
 */
export function verifyEntry(bytes: Buffer, stored: StoredEntry, walk: LogWalk, first: number): readonly string[] {
  const { index: found, start, end, leafEnd, chainEnd, columnsEnd } = stored;
  const place = walk.tree.size;
  if (found !== first + place) throw new Fault('TAMPERED', place, `entry ${first + place} is missing; found ${found}`);
  const facts = walk.take(bytes, start, end, (index, leaf, chain) => {
    demandSame(index, 'leaf hash', leaf, bytes.toString('latin1', end, leafEnd));
    demandSame(index, 'chain hash', chain, bytes.toString('latin1', leafEnd, chainEnd));
  });
  const columns = bytes.toString('utf8', chainEnd, columnsEnd);
  if (columns !== columnsText(facts)) throw columnsFault(place, columns, facts);
  return facts.patients;
}

function demandSame(index: number, what: string, expected: string, found: string): void {
  if (expected === found) return;
  const hex = (digest: string) => toBuffer(digest).toString('hex');
  throw new Fault('TAMPERED', index, `${what}: expected ${hex(expected)}, found ${hex(found)}`);
}

/** The columns people filter by must say what the bytes say. */
function columnsText(facts: EntryFacts): string {
  const { at, actorId, action, outcome, targetType, targetId, requestId, role, operation, purpose, ip, fields } = facts;
  return (
    `${Date.parse(at)}${BETWEEN}${actorId ?? NULL}${BETWEEN}${action}${BETWEEN}${outcome}${BETWEEN}` +
    `${targetType ?? NULL}${BETWEEN}${targetId ?? NULL}${BETWEEN}${requestId ?? NULL}${BETWEEN}` +
    `${role}${BETWEEN}${operation}${BETWEEN}${purpose}${BETWEEN}${ip}${BETWEEN}${fields}`
  );
}

function columnsFault(index: number, columns: string, facts: EntryFacts): Fault {
  const [found, expected] = [columns.split(BETWEEN), columnsText(facts).split(BETWEEN)];
  const place = expected.findIndex((value, at) => value !== found[at]);
  const told = (value: string | undefined) => (value === NULL || value === undefined ? 'nothing' : value);
  const name = derivedColumns[place] ?? 'columns';
  return new Fault('TAMPERED', index, `column ${name}: expected ${told(expected[place])}, found ${told(found[place])}`);
}
