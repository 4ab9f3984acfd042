import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { chainNext, chainStart, decodeEntry, Frontier, leafOf, openCheckpoint, type Checkpoint } from '../ledger';
import { columnsOf } from './sealer';

/** What verification found, in the words an auditor reads. */
export type VerdictWord = 'OK' | 'TAMPERED' | 'TRUNCATED' | 'FORKED' | 'INCOMPLETE';

export interface Verdict {
  word: VerdictWord;
  /** Entries that verified: all of them when OK, else those before the fault. */
  size: number;
  root: Buffer;
  /** Index of the first entry that is wrong, or missing. */
  at: number | null;
  finding: string | null;
}

/** Where an earlier verification ended; the next need only look at what is new. */
export interface VerifiedTo {
  chain: Buffer;
  tree: Frontier;
  lastTime: number;
}

export interface VerifyOptions {
  /** Public key of the log; without it signatures are not looked at and no checkpoint counts. */
  key: KeyObject | null;
  /** Notes kept outside the database. */
  outside: readonly string[];
  since?: VerifiedTo;
  onProgress?: (done: number, total: number) => void;
}

interface EntryRow {
  index: string;
  entry: Buffer;
  leaf: Buffer;
  chain: Buffer;
  at: Date;
  actor_id: string | null;
  action: string;
  outcome: string;
  target_type: string | null;
  target_id: string | null;
  request_id: string | null;
  patients: string[] | null;
}

const PAGE = 2_000;

/** Clocks of several servers differ a little; an entry this much older than one before it is flagged. */
const CLOCK_TOLERANCE_MS = 60_000;

const READ = `
  SELECT e.index::text, e.entry, e.leaf, e.chain, e.at, e.actor_id, e.action, e.outcome, e.target_type, e.target_id, e.request_id,
    (SELECT array_agg(p.patient_id) FROM audit_entry_patient p WHERE p.index = e.index AND p.patient_id = ANY (
      SELECT (jsonb_array_elements_text(convert_from(e.entry, 'UTF8')::jsonb -> 'p'))::uuid)) AS patients
  FROM audit_entry e WHERE e.index >= $1 ORDER BY e.index LIMIT $2`;

class Fault extends Error {
  constructor(
    readonly word: VerdictWord,
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Recomputes the log from its bytes: every leaf, link and the root; against the head, against every signed checkpoint in and
 * outside the database; the columns derived from the bytes; and the times. Streams, so memory does not grow with the log.
 */
export async function verifyEntries(pool: Pool, options: VerifyOptions): Promise<{ verdict: Verdict; reached: VerifiedTo }> {
  const head = await readHead(pool);
  const reached = options.since ?? { chain: chainStart(head?.origin ?? ''), tree: Frontier.empty(), lastTime: 0 };
  const state: VerifiedTo = { chain: reached.chain, tree: Frontier.of(reached.tree.size, reached.tree.nodes), lastTime: reached.lastTime };
  let fault: Fault | null = null;
  try {
    const signed = new Checkpoints(await storedNotes(pool), options, head?.origin ?? null);
    const total = Math.max(Number(head?.size ?? 0), signed.largest);
    if (!head && signed.largest > 0) throw new Fault('TRUNCATED', 0, 'the head of the log is gone');
    signed.check(state.tree);
    for (let more = true; more; ) {
      const { rows } = await pool.query<EntryRow>({ name: 'verify-entries', text: READ, values: [state.tree.size, PAGE] });
      for (const row of rows) {
        verifyOne(row, state);
        signed.check(state.tree);
      }
      options.onProgress?.(state.tree.size, total);
      more = rows.length === PAGE;
    }
    checkEnd(state, head, signed, await readHead(pool));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  const verdict: Verdict = {
    word: fault?.word ?? 'OK',
    size: state.tree.size,
    root: state.tree.root(),
    at: fault?.at ?? null,
    finding: fault?.message ?? null,
  };
  return { verdict, reached: state };
}

function verifyOne(row: EntryRow, state: VerifiedTo): void {
  const index = state.tree.size;
  if (Number(row.index) !== index) throw new Fault('TAMPERED', index, `entry ${index} is missing; found ${row.index}`);
  const leaf = leafOf(row.entry);
  if (!leaf.equals(row.leaf)) {
    throw new Fault('TAMPERED', index, `leaf hash: expected ${leaf.toString('hex')}, found ${row.leaf.toString('hex')}`);
  }
  const chain = chainNext(state.chain, leaf);
  if (!chain.equals(row.chain)) {
    throw new Fault('TAMPERED', index, `chain hash: expected ${chain.toString('hex')}, found ${row.chain.toString('hex')}`);
  }
  const time = verifyColumns(row, index);
  if (time < state.lastTime - CLOCK_TOLERANCE_MS) {
    throw new Fault('TAMPERED', index, `the clock went back: ${row.at.toISOString()} after ${new Date(state.lastTime).toISOString()}`);
  }
  state.lastTime = Math.max(state.lastTime, time);
  state.chain = chain;
  state.tree.append(leaf);
}

/** The columns people filter by must say what the bytes say. Answers the time of the entry. */
function verifyColumns(row: EntryRow, index: number): number {
  let columns: ReturnType<typeof columnsOf>;
  try {
    columns = columnsOf(decodeEntry(row.entry));
  } catch {
    throw new Fault('TAMPERED', index, 'the bytes are no entry');
  }
  const pairs: [string, unknown, unknown][] = [
    ['at', new Date(columns.at).toISOString(), row.at.toISOString()],
    ['actor_id', columns.actorId, row.actor_id],
    ['action', columns.action, row.action],
    ['outcome', columns.outcome, row.outcome],
    ['target_type', columns.targetType, row.target_type],
    ['target_id', columns.targetId, row.target_id],
    ['request_id', columns.requestId, row.request_id],
    ['patients', [...new Set(columns.patients)].sort().join(), [...(row.patients ?? [])].sort().join()],
  ];
  for (const [name, expected, found] of pairs) {
    if (expected !== found) throw new Fault('TAMPERED', index, `column ${name}: expected ${String(expected)}, found ${String(found)}`);
  }
  return Date.parse(columns.at);
}

/** Entries sealed meanwhile are beyond what was read; the head of the beginning must be met exactly. */
function checkEnd(state: VerifiedTo, before: Head | null, signed: Checkpoints, after: Head | null): void {
  const size = state.tree.size;
  if (signed.largest > size) throw new Fault('TRUNCATED', size, `a signed checkpoint names ${signed.largest} entries, the log has ${size}`);
  if (before && Number(before.size) > size) throw new Fault('TRUNCATED', size, `the head names ${before.size} entries, the log has ${size}`);
  const head = [before, after].find((candidate) => candidate && Number(candidate.size) === size);
  if (!head) {
    if (after && Number(after.size) < size) throw new Fault('TAMPERED', Number(after.size), 'there are entries beyond the head');
    return;
  }
  if (!head.root.equals(state.tree.root()) || !head.chain.equals(state.chain)) {
    throw new Fault('TAMPERED', size, 'the head is not the root of these entries');
  }
}

/** Signed checkpoints in order of size; each is compared when the tree has just that size. */
class Checkpoints {
  private readonly bySize = new Map<number, Checkpoint[]>();
  private good = 0;
  readonly largest: number;

  constructor(stored: readonly string[], { key, outside }: VerifyOptions, origin: string | null) {
    let largest = 0;
    if (key) {
      for (const [where, note] of [...stored.map((text) => ['stored', text] as const), ...outside.map((text) => ['kept', text] as const)]) {
        const checkpoint = openCheckpoint(note, key);
        if (!checkpoint) throw new Fault('TAMPERED', 0, `a ${where} checkpoint does not carry this log's signature`);
        if (origin !== null && checkpoint.origin !== origin) throw new Fault('FORKED', 0, `a ${where} checkpoint is of another log`);
        this.bySize.set(checkpoint.size, [...(this.bySize.get(checkpoint.size) ?? []), checkpoint]);
        largest = Math.max(largest, checkpoint.size);
      }
    }
    this.largest = largest;
  }

  check(tree: Frontier): void {
    const here = this.bySize.get(tree.size);
    if (!here) return;
    const root = tree.root();
    const other = here.find((checkpoint) => !checkpoint.root.equals(root));
    if (other) {
      const range = `${this.good} to ${tree.size - 1}`;
      throw new Fault('TAMPERED', this.good, `entries ${range} are not those signed: expected root ${other.root.toString('base64')}`);
    }
    this.good = tree.size;
  }
}

interface Head {
  origin: string;
  size: string;
  chain: Buffer;
  root: Buffer;
}

async function readHead(pool: Pool): Promise<Head | null> {
  const { rows } = await pool.query<Head>('SELECT origin, size::text, chain, root FROM audit_head');
  return rows[0] ?? null;
}

async function storedNotes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ note: string }>('SELECT note FROM audit_checkpoint ORDER BY size');
  return rows.map(({ note }) => note);
}
