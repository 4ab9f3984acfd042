import { Fault, parsedFacts, toBuffer, type Digest, type EntryFacts, type LogWalk } from '../ledger';
import { ColumnComparison, columnTexts, expectedTexts } from './entry-columns';
import { derivedColumns, type StoredEntry } from './entry-pages';

/** Compares stored entries, in the order of the log, with what their bytes say. Faults count from the shard's first entry. */
export class EntryVerifier {
  private readonly columns = new ColumnComparison();

  /** @param first index of the shard's first entry; the walk counts from there */
  constructor(
    private readonly walk: LogWalk,
    private readonly first: number,
  ) {}

  /**
   * Takes the next entry into the walk and compares its index, hashes, columns and patients.
   *
   * @throws Fault TAMPERED at this entry
   */
  take(stored: StoredEntry): void {
    const { walk, first } = this;
    const { row, start, end, leafStart, leafEnd, chainStart, chainEnd } = stored;
    const place = walk.tree.size;
    if (stored.index !== first + place)
      throw new Fault('TAMPERED', place, `entry ${first + place} is missing; found ${stored.index}`);
    const found = walk.take(row, start, end, (index, leaf, chain) => {
      demandSame(index, 'leaf hash', leaf, row, leafStart, leafEnd);
      demandSame(index, 'chain hash', chain, row, chainStart, chainEnd);
    });
    if (!found || !this.columns.isSame(row, chainEnd, walk.values, walk.time)) this.judge(stored, place);
  }

  /** Compares texts: slower, says what differs, and knows escapes. */
  private judge({ row, start, end, chainEnd, index }: StoredEntry, place: number): void {
    const facts = parsedFacts(row.subarray(start, end));
    const { columns, patients } = columnTexts(row, chainEnd);
    demandColumns(place, expectedTexts(facts, this.walk.time), columns);
    demandPatients(place, index, facts, patients);
  }
}

function demandSame(index: number, what: string, expected: Digest, bytes: Buffer, start: number, end: number): void {
  if (isDigestAt(expected, bytes, start, end)) return;
  const [wanted, found] = [toBuffer(expected), bytes.subarray(start, end)].map((digest) => digest.toString('hex'));
  throw new Fault('TAMPERED', index, `${what}: expected ${wanted}, found ${found}`);
}

function isDigestAt(digest: Digest, bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== digest.length) return false;
  for (let place = 0; place < digest.length; place += 1)
    if (bytes[start + place] !== digest.charCodeAt(place)) return false;
  return true;
}

function demandColumns(index: number, expected: readonly (string | null)[], found: readonly (string | null)[]): void {
  const place = expected.findIndex((value, at) => value !== found[at]);
  if (place < 0) return;
  const told = (value: string | null | undefined) => value ?? 'nothing';
  const difference = `expected ${told(expected[place])}, found ${told(found[place])}`;
  throw new Fault('TAMPERED', index, `column ${derivedColumns[place]}: ${difference}`);
}

/** A place nobody wrote would make an entry speak of a patient it does not name. */
function demandPatients(place: number, index: number, { patients }: EntryFacts, found: readonly string[]): void {
  if (patients.some((patient) => !found.includes(patient)))
    throw new Fault('TAMPERED', place, `entry ${index} is not found under a patient it names`);
  if (found.length !== patients.length)
    throw new Fault('TAMPERED', place, `entry ${index} is found under a patient it does not name`);
}
