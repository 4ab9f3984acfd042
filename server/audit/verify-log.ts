import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { chainNext, chainStart, decodeEntry, Frontier, leafOf } from '../ledger';
import { columnsOf } from './entry-columns';
import { KnownCheckpoints } from './known-checkpoints';
import { Fault, type Verdict } from './verdict';

/** Where an earlier verification ended; the next need only look at what is new. */
export interface VerifiedTo {
  chain: Buffer;
  tree: Frontier;
  lastTime: number;
  /** How many patients the entries name, each entry counted by itself. */
  places: number;
}

export interface VerifyOptions {
  /** Public key of the log. */
  key: KeyObject;
  /** Reads the notes kept outside the database. */
  kept: () => Promise<readonly string[]>;
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
}

interface Head {
  origin: string;
  size: string;
  chain: Buffer;
  root: Buffer;
  frontier: Buffer[];
  last: string | null;
}

/** Entries read at a time: a page is verified in a few milliseconds, so a server verifies beside its other work. */
const PAGE = 500;

/** Clocks of several servers differ a little; an entry this much older than one before it is flagged. */
const CLOCK_TOLERANCE_MS = 60_000;

const READ = `
  SELECT index::text, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id
  FROM audit_entry WHERE index >= $1 AND index < $2 ORDER BY audit_entry.index LIMIT $3`;

/**
 * Recomputes the log from its bytes: every leaf, link and the root; against the head, against every signed checkpoint in and
 * outside the database; the columns derived from the bytes; and the times. Streams, so memory does not grow with the entries.
 */
export async function verifyEntries(
  pool: Pool,
  options: VerifyOptions,
): Promise<{ verdict: Verdict; reached: VerifiedTo }> {
  const { since } = options;
  const from = since?.tree.size ?? 0;
  // In this order: a checkpoint is written after the head it signs, so none may name more than a head read later.
  const notes = { kept: await options.kept(), stored: await storedNotes(pool, from) };
  const head = await readHead(pool);
  const state: VerifiedTo = since
    ? { ...since, tree: Frontier.of(from, since.tree.nodes) }
    : { chain: chainStart(head?.origin ?? ''), tree: Frontier.empty(), lastTime: 0, places: 0 };
  let fault: Fault | null = null;
  try {
    const checkpoints = new KnownCheckpoints(notes, options.key, head?.origin ?? null, from);
    await verifyAgainst(pool, state, head, checkpoints, options);
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

async function verifyAgainst(
  pool: Pool,
  state: VerifiedTo,
  head: Head | null,
  checkpoints: KnownCheckpoints,
  { since, onProgress }: VerifyOptions,
): Promise<void> {
  if (!head) {
    if (checkpoints.any || since || (await hasEntries(pool)))
      throw new Fault('TRUNCATED', 0, 'the head of the log is gone');
    return;
  }
  const size = Number(head.size);
  checkpoints.check(state.tree);
  while (state.tree.size < size) {
    const { rows } = await pool.query<EntryRow>({
      name: 'verify-entries',
      text: READ,
      values: [state.tree.size, size, PAGE],
    });
    await verifyPage(pool, rows, state, checkpoints);
    if (rows.length === 0)
      throw new Fault('TRUNCATED', state.tree.size, `the head names ${size} entries, the log has ${state.tree.size}`);
    onProgress?.(state.tree.size, size);
  }
  checkpoints.demandNoneBeyond(size);
  checkHead(state, head);
  if (!since) await checkPlaces(pool, state);
}

async function verifyPage(
  pool: Pool,
  rows: EntryRow[],
  state: VerifiedTo,
  checkpoints: KnownCheckpoints,
): Promise<void> {
  const places: [patient: string, index: number][] = [];
  let fault: unknown = null;
  try {
    for (const row of rows) {
      const index = state.tree.size;
      for (const patient of verifyEntry(row, state)) places.push([patient, index]);
      checkpoints.check(state.tree);
    }
  } catch (error) {
    fault = error; // unless an earlier entry of this page is not found under one of its patients
  }
  state.places += places.length;
  const missing = places.length > 0 ? await firstMissingPlace(pool, places) : null;
  if (missing !== null) throw new Fault('TAMPERED', missing, `entry ${missing} is not found under a patient it names`);
  if (fault) throw fault;
}

/** Answers the patients the entry names. */
function verifyEntry(row: EntryRow, state: VerifiedTo): string[] {
  const index = state.tree.size;
  if (Number(row.index) !== index) throw new Fault('TAMPERED', index, `entry ${index} is missing; found ${row.index}`);
  const leaf = leafOf(row.entry);
  demandSame(index, 'leaf hash', leaf, row.leaf);
  const chain = chainNext(state.chain, leaf);
  demandSame(index, 'chain hash', chain, row.chain);
  const { at, patients } = verifyColumns(row, index);
  const time = Date.parse(at);
  if (time < state.lastTime - CLOCK_TOLERANCE_MS) {
    throw new Fault('TAMPERED', index, `the clock went back: ${at} after ${new Date(state.lastTime).toISOString()}`);
  }
  state.lastTime = Math.max(state.lastTime, time);
  state.chain = chain;
  state.tree.append(leaf);
  return patients;
}

/** The columns people filter by must say what the bytes say. */
function verifyColumns(row: EntryRow, index: number): ReturnType<typeof columnsOf> {
  const columns = readColumns(row.entry, index);
  const pairs: [string, unknown, unknown][] = [
    ['at', Date.parse(columns.at), row.at.valueOf()],
    ['actor_id', columns.actorId, row.actor_id],
    ['action', columns.action, row.action],
    ['outcome', columns.outcome, row.outcome],
    ['target_type', columns.targetType, row.target_type],
    ['target_id', columns.targetId, row.target_id],
    ['request_id', columns.requestId, row.request_id],
  ];
  for (const [name, expected, found] of pairs) {
    if (expected !== found)
      throw new Fault('TAMPERED', index, `column ${name}: expected ${String(expected)}, found ${String(found)}`);
  }
  return columns;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function readColumns(bytes: Buffer, index: number): ReturnType<typeof columnsOf> {
  try {
    const columns = columnsOf(decodeEntry(bytes));
    if (columns.patients.every((patient) => UUID.test(patient)) && !Number.isNaN(Date.parse(columns.at)))
      return columns;
  } catch {
    // told below
  }
  throw new Fault('TAMPERED', index, 'the bytes are no entry');
}

function demandSame(index: number, what: string, expected: Buffer, found: Buffer): void {
  if (expected.equals(found)) return;
  throw new Fault('TAMPERED', index, `${what}: expected ${expected.toString('hex')}, found ${found.toString('hex')}`);
}

function checkHead({ tree, chain }: VerifiedTo, head: Head): void {
  if (Number(head.size) < tree.size) {
    throw new Fault(
      'TRUNCATED',
      Number(head.size),
      `${tree.size} entries had verified before, the head names ${head.size}`,
    );
  }
  if (head.last !== null && Number(head.last) >= tree.size)
    throw new Fault('TAMPERED', tree.size, 'there are entries beyond the head');
  const sameFrontier = Buffer.concat(head.frontier).equals(Buffer.concat(tree.nodes));
  if (!head.root.equals(tree.root()) || !head.chain.equals(chain) || !sameFrontier) {
    throw new Fault('TAMPERED', tree.size, 'the head is not the root of these entries');
  }
}

async function firstMissingPlace(pool: Pool, places: [string, number][]): Promise<number | null> {
  const { rows } = await pool.query<{ index: string | null }>({
    name: 'verify-places',
    text: `SELECT min(named.index)::text AS index FROM unnest($1::uuid[], $2::bigint[]) AS named (patient_id, index)
      WHERE NOT EXISTS (SELECT 1 FROM audit_entry_patient p WHERE p.patient_id = named.patient_id AND p.index = named.index)`,
    values: [places.map(([patient]) => patient), places.map(([, index]) => index)],
  });
  const index = rows[0]?.index ?? null;
  return index === null ? null : Number(index);
}

/** A place nobody wrote would make an entry speak of a patient it does not name. */
async function checkPlaces(pool: Pool, { tree, places }: VerifiedTo): Promise<void> {
  const { rows } = await pool.query<{ n: string }>('SELECT count(*) AS n FROM audit_entry_patient WHERE index < $1', [
    tree.size,
  ]);
  if (Number(rows[0]?.n) === places) return;
  const { rows: planted } = await pool.query<{ index: string }>(
    `SELECT min(p.index)::text AS index FROM audit_entry_patient p LEFT JOIN audit_entry e USING (index)
     WHERE p.index < $1 AND NOT coalesce(convert_from(e.entry, 'UTF8')::jsonb -> 'p' ? p.patient_id::text, false)`,
    [tree.size],
  );
  const at = Number(planted[0]?.index ?? 0);
  throw new Fault('TAMPERED', at, `entry ${at} is found under a patient it does not name`);
}

/** Head and last entry, as of one moment. */
async function readHead(pool: Pool): Promise<Head | null> {
  const { rows } = await pool.query<Head>(
    'SELECT origin, size::text, chain, root, frontier, (SELECT max(index)::text FROM audit_entry) AS last FROM audit_head',
  );
  return rows[0] ?? null;
}

async function hasEntries(pool: Pool): Promise<boolean> {
  return (await pool.query('SELECT 1 FROM audit_entry LIMIT 1')).rowCount !== 0;
}

async function storedNotes(pool: Pool, from: number): Promise<string[]> {
  const { rows } = await pool.query<{ note: string }>(
    'SELECT note FROM audit_checkpoint WHERE size >= $1 ORDER BY size',
    [from],
  );
  return rows.map(({ note }) => note);
}
