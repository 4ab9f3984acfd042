import type { KeyObject } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import {
  ClockFault,
  demandGoesOn,
  Fault,
  KnownCheckpoints,
  LogWalk,
  type FoundNote,
  type Verdict,
  type WalkState,
} from '../ledger';
import { readEntryPage, type EntryPage } from './entry-pages';
import { verifyEntry } from './verify-entry';
import { checkPlaces, firstMissingPlace, type Place } from './verify-places';
import { extendSubtrees, tilesIn, verifySubtrees } from './subtrees';

/** Where an earlier verification ended; the next need only look at what is new. */
export interface VerifiedTo extends WalkState {
  /** How many patients the entries name, each entry counted by itself. */
  places: number;
}

export interface VerifyOptions {
  /** Public keys of the log, past ones too. */
  keys: readonly KeyObject[];
  /** Reads the notes kept outside the database. */
  kept: () => Promise<readonly string[]>;
  since?: VerifiedTo;
  onProgress?: (done: number, total: number) => void;
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
  const notes = [...(await storedNotes(pool, from)), ...named('kept', await options.kept())];
  const head = await readHead(pool);
  const walk = since ? LogWalk.from(since) : LogWalk.fromStart(head?.origin ?? '');
  const state: Walking = { walk, places: since?.places ?? 0 };
  let fault: Fault | null = null;
  try {
    const checkpoints = new KnownCheckpoints(notes, options.keys, head?.origin ?? null, from);
    await verifyAgainst(pool, state, head, checkpoints, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  const { tree } = walk;
  const size = Math.min(tree.size, fault?.at ?? tree.size);
  const verdict: Verdict = {
    word: fault?.word ?? 'OK',
    size,
    root: tree.root(),
    at: fault?.at ?? null,
    finding: fault?.message ?? null,
    clock: fault instanceof ClockFault,
  };
  return { verdict, reached: { ...walk.state, places: state.places } };
}

interface Walking {
  walk: LogWalk;
  places: number;
}

async function verifyAgainst(
  pool: Pool,
  state: Walking,
  head: Head | null,
  checkpoints: KnownCheckpoints,
  options: VerifyOptions,
): Promise<void> {
  if (!head) {
    if (checkpoints.any || options.since || (await hasEntries(pool)))
      throw new Fault('TRUNCATED', 0, 'the head of the log is gone');
    return;
  }
  const { walk } = state;
  if (options.since && Number(head.size) >= walk.tree.size) {
    await extendSubtrees(pool, Number(head.size));
    const before = { size: walk.tree.size, root: walk.tree.root() };
    await demandGoesOn(before, checkpoints.newest(Number(head.size)), tilesIn(pool));
  }
  try {
    checkpoints.check(walk.tree);
    await verifyPages(pool, state, Number(head.size), checkpoints, options);
  } catch (error) {
    throw checkpoints.earliest(error);
  }
  checkpoints.demandAllMet(Number(head.size));
  checkHead(walk, head);
  await verifySubtrees(pool, options.since?.tree.size ?? 0, walk.tree.size);
  if (!options.since) await checkPlaces(pool, walk.tree.size, state.places);
}

/** While a page is verified, the next is already on its way, and the one before it is looked for under its patients. */
async function verifyPages(
  pool: Pool,
  state: Walking,
  size: number,
  checkpoints: KnownCheckpoints,
  { onProgress }: VerifyOptions,
): Promise<void> {
  const { tree } = state.walk;
  const client = await pool.connect();
  const read = (from: number) => (from < size ? quiet(readEntryPage(client, from, Math.min(from + PAGE, size))) : null);
  let next = read(tree.size);
  let found: Promise<void> = Promise.resolve();
  try {
    while (next) {
      const page: EntryPage = await next;
      if (page.entries.length === 0)
        throw new Fault('TRUNCATED', tree.size, `the head names ${size} entries, the log has ${tree.size}`);
      next = read(tree.size + page.entries.length);
      const { places, fault } = verifyPage(page, state, checkpoints);
      await found;
      found = quiet(demandPlaces(pool, places));
      if (fault) throw fault;
      onProgress?.(tree.size, size);
    }
  } finally {
    await release(client, next);
    await found; // an entry not found under its patients is told before what is wrong after it
  }
}

async function release(client: PoolClient, reading: Promise<EntryPage> | null): Promise<void> {
  await reading?.catch(() => undefined);
  client.release();
}

/** A promise nobody may wait for in the end is no unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Verifies a page as far as it is sound, and answers under which patients its entries must be found. */
function verifyPage(
  page: EntryPage,
  state: Walking,
  checkpoints: KnownCheckpoints,
): { places: Place[]; fault: unknown } {
  const places: Place[] = [];
  let fault: unknown = null;
  try {
    for (const entry of page.entries) {
      const index = state.walk.tree.size;
      for (const patient of verifyEntry(page.bytes, entry, state.walk)) places.push([patient, index]);
      checkpoints.check(state.walk.tree);
    }
  } catch (error) {
    fault = error;
  }
  state.places += places.length;
  return { places, fault };
}

async function demandPlaces(pool: Pool, places: readonly Place[]): Promise<void> {
  const missing = places.length > 0 ? await firstMissingPlace(pool, places) : null;
  if (missing !== null) throw new Fault('TAMPERED', missing, `entry ${missing} is not found under a patient it names`);
}

function checkHead({ tree, state }: LogWalk, head: Head): void {
  if (Number(head.size) < tree.size) {
    const finding = `${tree.size} entries had verified before, the head names ${head.size}`;
    throw new Fault('TRUNCATED', Number(head.size), finding);
  }
  if (head.last !== null && Number(head.last) >= tree.size)
    throw new Fault('TAMPERED', tree.size, 'there are entries beyond the head');
  const sameFrontier = Buffer.concat(head.frontier).equals(Buffer.concat(tree.nodes));
  if (head.root.equals(tree.root()) && head.chain.equals(state.chain) && sameFrontier) return;
  throw new Fault('TAMPERED', tree.size, 'the head is not the root of these entries');
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

async function storedNotes(pool: Pool, from: number): Promise<FoundNote[]> {
  const { rows } = await pool.query<{ note: string }>(
    'SELECT note FROM audit_checkpoint WHERE size >= $1 ORDER BY size',
    [from],
  );
  return named(
    'stored',
    rows.map(({ note }) => note),
  );
}

const named = (where: string, notes: readonly string[]): FoundNote[] => notes.map((text) => ({ where, text }));
