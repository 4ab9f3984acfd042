import type { KeyObject } from 'node:crypto';
import {
  checkpointTime,
  ClockFault,
  demandFollows,
  droppedTold,
  Fault,
  lossTold,
  LogWalk,
  openEnd,
  notesInFile,
  quorumAt,
  readNote,
  readPolicy,
  type LostEntries,
  type Policy,
  type ShardEnd,
  type Verdict,
  type WalkState,
} from '../server/ledger';
import { ExportDirectory, files } from './export-directory';
import { firstEntryOf, openPart, verifyPart, type Part } from './verify-part';

/** Where an earlier verification of the same log ended. */
export interface Reached extends WalkState {
  /** Number and origin of the shard. */
  shard: number;
  origin: string;
}

export interface DirectoryOptions {
  /** Whom to trust; without one, the policy that lies in the directory, which whoever made it has chosen. */
  policy?: Policy;
  since?: Reached;
  /** How old the newest signature may be, in milliseconds. */
  maxAge?: number;
  now?: Date;
  onProgress?: (done: number, total: number) => void;
}

/** What a verification found, and where the next may go on; `signedAt` and `cosignedAt` are of the newest checkpoint. */
export interface DirectoryReport {
  verdict: Verdict;
  reached: Reached | null;
  signedAt: Date | null;
  cosignedAt: Date | null;
  /** The newest checkpoint of each shard that lies there. */
  notes: readonly string[];
}

interface Walking extends Omit<DirectoryReport, 'verdict'> {
  walk: LogWalk;
  part: Pick<Part, 'number' | 'first'>;
  /** What must be told although nothing is wrong. */
  told: string[];
  /** A clock that was set back, told when nothing worse is found. */
  clock: { fault: ClockFault; part: Pick<Part, 'number' | 'first'> } | null;
}

/**
 * Verifies an exported log with nothing but its files, shard by shard: the newest checkpoint's signature, every entry, leaf,
 * link, tile and the root, every other checkpoint, the times, that each shard goes on from the one before it, and, when the
 * policy asks for it, the witnesses. Memory does not grow.
 */
export async function verifyDirectory(path: string, options: DirectoryOptions = {}): Promise<DirectoryReport> {
  const walk = options.since ? LogWalk.from(options.since) : LogWalk.fromStart('');
  const part = { number: 1, first: 0 };
  const state: Walking = {
    walk,
    part,
    told: [],
    clock: null,
    notes: [],
    reached: null,
    signedAt: null,
    cosignedAt: null,
  };
  try {
    await verifyInto(state, path, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...state, verdict: verdictOf(state, error), reached: null };
  }
  return { ...state, verdict: verdictOf(state, null) };
}

function verdictOf({ walk: { tree }, told, clock, part }: Walking, found: Fault | null): Verdict {
  const fault = found ?? clock?.fault ?? null;
  const { number, first } = found || !clock ? part : clock.part;
  const where = first > 0 ? `shard ${number}, which begins with entry ${first}: ` : '';
  return {
    word: fault?.word ?? 'OK',
    size: Math.min(part.first + tree.size, first + (fault?.at ?? tree.size)),
    root: tree.root(),
    at: fault === null || fault.at === null ? null : first + fault.at,
    finding: fault ? where + fault.message : told.length > 0 ? told.join('; ') : null,
    clock: fault instanceof ClockFault,
  };
}

async function verifyInto(state: Walking, path: string, options: DirectoryOptions): Promise<void> {
  const { since, onProgress } = options;
  const directory = new ExportDirectory(path);
  const policy = options.policy ?? (await policyOf(directory));
  const keys = policy.logs.map(({ key }) => key);
  const { ends, parts } = await partsOf(directory, keys);
  state.told.push(...ends.told);
  state.notes = parts.map(({ note }) => note);
  demandTrusted(policy, [...ends.dropped.map(({ checkpoint }) => checkpoint), ...parts.map(({ checkpoint }) => checkpoint)].map(({ origin }) => origin)); // prettier-ignore
  const lost = await demandLinked(state, ends.dropped.at(-1), parts, keys);
  const start = since ? startOf(since, parts) : 0;
  const last = parts.at(-1)!;
  const total = last.first + last.checkpoint.size;
  for (const part of parts.slice(start)) {
    const goesOn = since && part === parts[start] && !isLost(since, part, lost);
    state.part = part;
    state.walk = goesOn ? LogWalk.from(since) : LogWalk.fromStart(part.checkpoint.origin);
    await verifyPart(state.walk, part, keys, (done) => onProgress?.(part.first + done, total));
    const { clockFault: fault } = state.walk;
    if (fault) state.clock ??= { fault, part };
  }
  state.reached = { ...state.walk.state, shard: last.number, origin: last.checkpoint.origin };
  checkAge(state, last, policy, options);
}

/** The shards that lie in a directory, in order; dropped ones, of which it has the final checkpoint only, come before them. */
async function partsOf(directory: ExportDirectory, keys: readonly KeyObject[]) {
  const whole = (await directory.text(files.checkpoint)) !== null;
  const notes = whole ? [] : notesInFile((await directory.text(files.dropped)) ?? '');
  const dropped: ShardEnd[] = [];
  const told: string[] = [];
  let first = 0;
  for (const note of notes) {
    const end = openEnd(note, keys);
    told.push(droppedTold(dropped.push(end), first, end.checkpoint.size));
    first += end.checkpoint.size;
  }
  const parts: Part[] = [];
  for (let number = dropped.length + 1; ; number += 1) {
    const folder = number === 1 ? directory : directory.shard(number);
    if (number > dropped.length + 1 && (await folder.text(files.checkpoint)) === null) break;
    const part = await openPart(folder, { number, first }, keys);
    parts.push(part);
    first += part.checkpoint.size;
  }
  const gone = (await directory.shardsBeyond(dropped.length + parts.length)).at(0);
  if (gone !== undefined)
    throw new Fault('INCOMPLETE', first, `the directory has shard ${gone}, but not the one after entry ${first - 1}`);
  return { ends: { dropped, told }, parts };
}

/** Logs after the first one are vouched for by it, and need not be named. */
function demandTrusted(policy: Policy, origins: readonly string[]): void {
  if (policy.logs.some(({ name }) => origins.includes(name))) return;
  throw new Fault('FORKED', 0, `the directory is of another log, ${origins[0]}`);
}

/** Demands that each shard begins by naming the one before it. Answers what restores have lost. */
async function demandLinked(
  state: Walking,
  dropped: ShardEnd | undefined,
  parts: readonly Part[],
  keys: readonly KeyObject[],
): Promise<LostEntries[]> {
  const lost: LostEntries[] = [];
  for (const [place, part] of parts.entries()) {
    const before = parts[place - 1] ?? dropped;
    if (!before) continue;
    state.part = part;
    const opening = demandFollows(await firstEntryOf(part), part.checkpoint.origin, before, keys);
    lost.push(...opening.lost);
    for (const gone of opening.lost) {
      const own = parts.find(({ checkpoint }) => checkpoint.origin === gone.origin);
      state.told.push(lossTold(gone, own, part.first));
    }
  }
  return lost;
}

/** Which shard an earlier verification ended in. Throws Fault when it is not there. */
function startOf(since: Reached, parts: readonly Part[]): number {
  const start = parts.findIndex(({ checkpoint }) => checkpoint.origin === since.origin);
  if (start >= 0) return start;
  const { number, checkpoint } = parts.at(-1)!;
  if (since.shard > number)
    throw new Fault('TRUNCATED', checkpoint.size, `shard ${since.shard} had verified before, the directory ends with ${number}`); // prettier-ignore
  throw new Fault('FORKED', 0, `the directory is of another log, ${checkpoint.origin}`);
}

/** Whether an earlier verification had seen entries that a restore has lost. */
function isLost(since: Reached, { checkpoint }: Part, lost: readonly LostEntries[]): boolean {
  return lost.some(({ origin, size, from }) => origin === checkpoint.origin && from < since.tree.size && since.tree.size <= size); // prettier-ignore
}

async function policyOf(directory: ExportDirectory): Promise<Policy> {
  const text = await directory.text(files.policy);
  if (text === null)
    throw new Fault('INCOMPLETE', null, 'the directory has no policy, so it is not known whose log it is');
  try {
    return readPolicy(text);
  } catch (error) {
    throw new Fault('INCOMPLETE', null, error instanceof Error ? error.message : String(error));
  }
}

/** Of the newest checkpoint: it stands for all shards before its own. */
function checkAge(state: Walking, { note, checkpoint: newest }: Part, policy: Policy, options: DirectoryOptions): void {
  const { maxAge, now = new Date() } = options;
  state.signedAt = checkpointTime(note, policy.logs.map(({ key }) => key)); // prettier-ignore
  state.cosignedAt = quorumAt(readNote(note)!, policy);
  if (policy.quorum !== null && !state.cosignedAt)
    throw new Fault(
      'INCOMPLETE',
      null,
      `the checkpoint of ${newest.size} entries lacks signatures of witnesses the policy asks for`,
    );
  const time = policy.quorum === null ? state.signedAt : state.cosignedAt;
  if (maxAge === undefined || (time && now.valueOf() - time.valueOf() <= maxAge)) return;
  const told = time ? `was signed at ${time.toISOString()}` : 'does not say when it was signed';
  throw new Fault('STALE', null, `the newest checkpoint, of ${newest.size} entries, ${told}`);
}
