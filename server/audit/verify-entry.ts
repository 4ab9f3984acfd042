import { Fault, parsedFacts, toBuffer, type Digest, type EntryFacts, type LogWalk } from '../ledger';
import { areSame, columnTexts, expectedTexts } from './entry-columns';
import { derivedColumns, StoredEntry } from './entry-pages';

/** Compares stored entries, in the order of the log, with what their bytes say. Faults count from the shard's first entry. */
export class EntryVerifier {
  /** Given to the walk for each entry: one function for all of them. */
  private readonly demandHashes = (index: number, leaf: Digest, chain: Digest) => {
    const { row, leafStart, leafEnd, chainStart, chainEnd } = this.stored;
    demandSame(index, 'leaf hash', leaf, row.toString('latin1', leafStart, leafEnd));
    demandSame(index, 'chain hash', chain, row.toString('latin1', chainStart, chainEnd));
  };
  private stored = new StoredEntry();

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
    const place = walk.tree.size;
    if (stored.index !== first + place)
      throw new Fault('TAMPERED', place, `entry ${first + place} is missing; found ${stored.index}`);
    this.stored = stored;
    const found = walk.take(stored.row, stored.start, stored.end, this.demandHashes);
    if (!found || !areSame(stored.row, stored.chainEnd, walk.values, walk.time)) this.judge(stored, place);
  }

  /** Compares texts: slower, says what differs, and knows escapes. */
  private judge({ row, start, end, chainEnd, index }: StoredEntry, place: number): void {
    const facts = parsedFacts(row.subarray(start, end));
    const { columns, patients } = columnTexts(row, chainEnd);
    demandColumns(place, expectedTexts(facts, this.walk.time), columns);
    demandPatients(place, index, facts, patients);
  }
}

function demandSame(index: number, what: string, expected: Digest, found: Digest): void {
  if (expected === found) return;
  const hex = (digest: Digest) => toBuffer(digest).toString('hex');
  throw new Fault('TAMPERED', index, `${what}: expected ${hex(expected)}, found ${hex(found)}`);
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
