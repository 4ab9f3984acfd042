import { Fault, toBuffer, type EntryFacts, type LogWalk } from '../ledger';
import { BETWEEN, derivedColumns, NULL, type StoredEntry } from './entry-pages';

/**
 * Takes the next stored entry into the walk and compares its index, hashes and columns with what its bytes say. Answers the
 * patients it names.
 *
 * @throws Fault TAMPERED at this entry
 */
export function verifyEntry(bytes: Buffer, stored: StoredEntry, walk: LogWalk): readonly string[] {
  const { index: found, start, end, leafEnd, chainEnd, columnsEnd } = stored;
  if (found !== walk.tree.size)
    throw new Fault('TAMPERED', walk.tree.size, `entry ${walk.tree.size} is missing; found ${found}`);
  const facts = walk.take(bytes, start, end, (index, leaf, chain) => {
    demandSame(index, 'leaf hash', leaf, bytes.toString('latin1', end, leafEnd));
    demandSame(index, 'chain hash', chain, bytes.toString('latin1', leafEnd, chainEnd));
  });
  const columns = bytes.toString('utf8', chainEnd, columnsEnd);
  if (columns !== columnsText(facts)) throw columnsFault(found, columns, facts);
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
