import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import {
  ClockFault,
  demandKnownLogs,
  EMPTY_ROOT,
  Fault,
  KnownCheckpoints,
  LogWalk,
  notesByLog,
  withoutLost,
  type FoundNote,
  type LostEntries,
  type Verdict,
  type WalkState,
} from '../ledger';
import { demandLinked, type Links } from './shard-links';
import { readShards, type ClosedShard, type OpenShard, type Shards } from './shards';
import { FULL_SPEED, verifyShard, type Pace } from './verify-shard';

/** Where an earlier verification ended; the next need only look at what is new. */
export interface VerifiedTo extends WalkState {
  /** Number and origin of the shard. */
  shard: number;
  origin: string;
}

export interface VerifyOptions {
  /** Public keys of the log, past ones too. */
  keys: readonly KeyObject[];
  /** Reads the notes kept outside the database. */
  kept: () => Promise<readonly string[]>;
  since?: VerifiedTo;
  /** As fast as can be, if it is not said. */
  pace?: Pace;
  onProgress?: (done: number, total: number) => void;
}

/** The shard being verified, and what must be told although nothing is wrong. */
interface Going {
  walk: LogWalk;
  shard: ClosedShard | OpenShard | null;
  /** Index of its first entry: faults count from there. */
  first: number;
  told: string[];
  /** A clock that was set back, told when nothing worse is found. */
  clock: { fault: ClockFault; shard: number; first: number } | null;
}

/**
 * Recomputes the log from its bytes, shard by shard: every leaf, link and root; against the head, every signed checkpoint in
 * and outside the database; that each shard goes on from the one before it; the columns derived from the bytes; the times.
 * Streams, so memory does not grow with the entries.
 */
export async function verifyEntries(
  pool: Pool,
  options: VerifyOptions,
): Promise<{ verdict: Verdict; reached: VerifiedTo }> {
  const { since } = options;
  // In this order: a checkpoint is written after the head it signs, so none may name more than a head read later.
  const notes = [...(await storedNotes(pool, since)), ...named('kept', await options.kept())];
  const shards = await readShards(pool);
  const walk = since ? LogWalk.from(since) : LogWalk.fromStart('');
  const going: Going = { shard: null, first: 0, told: [], clock: null, walk };
  let fault: Fault | null = null;
  try {
    await verifyShards(pool, going, shards, notes, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (droppedOf(await readShards(pool)) !== droppedOf(shards)) return verifyEntries(pool, options); // under its hands
    fault = error;
  }
  const { number: shard = 1, origin = '' } = going.shard ?? {};
  return {
    verdict: verdictOf(going, fault),
    reached: { ...going.walk.state, shard, origin },
  };
}

function droppedOf({ closed }: Shards): number {
  return closed.filter(({ dropped }) => dropped).length;
}

function verdictOf(going: Going, found: Fault | null): Verdict {
  const { told, clock } = going;
  const { tree } = going.walk;
  const fault = found ?? clock?.fault ?? null;
  const { shard = 1, first } = found || !clock ? { shard: going.shard?.number, first: going.first } : clock;
  const size = first + (fault?.at ?? tree.size);
  const where = first > 0 ? `shard ${shard}, which begins with entry ${first}: ` : '';
  return {
    word: fault?.word ?? 'OK',
    size: Math.min(size, going.first + tree.size),
    root: tree.size === 0 ? EMPTY_ROOT : tree.root(),
    at: fault?.at === null || fault === null ? null : first + fault.at,
    finding: fault ? where + fault.message : told.length > 0 ? told.join('; ') : null,
    clock: fault instanceof ClockFault,
  };
}

async function verifyShards(
  pool: Pool,
  going: Going,
  { closed, open }: Shards,
  notes: readonly FoundNote[],
  { keys, since, onProgress, pace = FULL_SPEED }: VerifyOptions,
): Promise<void> {
  if (!open) {
    if (notes.length > 0 || since || (await hasEntries(pool)))
      throw new Fault('TRUNCATED', 0, 'the head of the log is gone');
    return;
  }
  const shards = [...closed, open];
  const origins = shards.map(({ origin }) => origin);
  const start = since ? origins.indexOf(since.origin) : 0;
  if (start < 0) throw new Fault('FORKED', 0, 'the log verified before is none of those there are');
  const links = await demandLinked(pool, { closed, open }, keys, (shard) => stepInto(going, shard));
  going.told.push(...links.told);
  const known = notesByLog(notes, origins, open.origin);
  demandKnownLogs(notes, origins, links.lost);
  for (const shard of shards.slice(start)) {
    const on = since && shard === shards[start] && !isLost(since, links.lost);
    if (on) stepInto(going, shard, LogWalk.from(since));
    else stepInto(going, shard);
    const checkpoints = checkpointsOf(shard, known, links, keys, going.walk.tree.size);
    if (checkpoints) await verifyShard(pool, going.walk, { shard, checkpoints, pace, onProgress });
    const { clockFault: fault } = going.walk;
    if (fault) going.clock ??= { fault, shard: shard.number, first: shard.first };
  }
}

/** Null: the entries were dropped, so that nothing but the final checkpoint is left to compare others with. */
function checkpointsOf(
  shard: ClosedShard | OpenShard,
  known: ReadonlyMap<string, readonly FoundNote[]>,
  { lost }: Links,
  keys: readonly KeyObject[],
  from: number,
): KnownCheckpoints | null {
  const { origin, size, root } = shard;
  const own = known.get(origin) ?? [];
  const gone = lost.find((one) => one.origin === origin);
  const left = withoutLost(own, gone, size);
  if ('dropped' in shard && shard.dropped) {
    withoutLost(left, { origin, from: size - 1, size, root });
    return null;
  }
  const final = 'note' in shard ? named('final', [shard.note]) : [];
  return new KnownCheckpoints([...final, ...left], keys, origin, from);
}

function stepInto(going: Going, shard: ClosedShard | OpenShard, walk?: LogWalk): void {
  const dropped = 'dropped' in shard && shard.dropped;
  going.shard = shard;
  going.first = dropped ? shard.first + shard.size : shard.first;
  going.walk = walk ?? LogWalk.fromStart(shard.origin);
}

/** Whether an earlier verification had seen entries that a restore has lost. */
function isLost({ origin, tree }: VerifiedTo, lost: readonly LostEntries[]): boolean {
  return lost.some((one) => one.origin === origin && one.from < tree.size && tree.size <= one.size);
}

async function hasEntries(pool: Pool): Promise<boolean> {
  return (await pool.query('SELECT 1 FROM audit_entry LIMIT 1')).rowCount !== 0;
}

async function storedNotes(pool: Pool, since: VerifiedTo | undefined): Promise<FoundNote[]> {
  const { rows } = await pool.query<{ note: string }>(
    'SELECT note FROM audit_checkpoint WHERE shard > $1 OR (shard = $1 AND size >= $2) ORDER BY shard, size',
    [since?.shard ?? 0, since?.tree.size ?? 0],
  );
  return named(
    'stored',
    rows.map(({ note }) => note),
  );
}

const named = (where: string, notes: readonly string[]): FoundNote[] => notes.map((text) => ({ where, text }));
