import type { Logger } from 'pino';
import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { advisoryLocks } from '../database/advisory-locks';
import { SessionLock } from '../database/session-lock';
import { noteAct, type EntryDraft } from '../audit';
import { uniqueViolation } from '../database/postgres-errors';
import { systemContext } from '../graphql/context';
import { newId } from '../platform/ids';
import {
  findJob,
  findRunning,
  insertJob,
  saveEnd,
  saveProgress,
  type KeyJobKind,
  type KeyJobRow,
} from './key-job-store';
import { KeyWorkError } from './key-work-error';

/** How often progress is written down, and looked at by whoever follows a job of another process. */
const PROGRESS_MS = 500;

/** What a running job tells, and asks. */
export interface JobRun {
  readonly job: KeyJobRow;
  /** Says how far it is. Throws when the process is about to end; the next one resumes. */
  progress(done: number, total: number): Promise<void>;
  /** Aborted when the process is about to end. */
  readonly signal: AbortSignal;
}

/** Does a job from its beginning or from wherever a dead process left it. Throws what makes it fail. */
export type KeyWork = (run: JobRun) => Promise<void>;

export type OnProgress = (done: number, total: number) => void;

/** How the ledger calls each kind of job and its steps. */
export const jobActions: Record<KeyJobKind, string> = { ROTATE: 'rotate-keys', RESEAL: 'reseal', REINDEX: 'reindex' };

/**
 * Long work on keys: rotating, re-sealing, building the search index anew. One at a time per database, in any process; how
 * far it came is in `key_job`, and a job whose process died is taken up again.
 */
export class KeyJobs {
  private readonly lock: SessionLock;
  private current: Promise<void> | null = null;
  private readonly stopping = new AbortController();

  constructor(
    private readonly base: Foundation,
    private readonly logger: Logger,
    private readonly works: Record<KeyJobKind, KeyWork>,
  ) {
    this.lock = new SessionLock(base.dataSource, advisoryLocks.keyJob);
  }

  /**
   * Writes down that a job is to be done, or answers the one of this kind that is under way. In the context of whoever asks
   * for it, who stands in the ledger. Throws KeyWorkError while another kind is under way.
   */
  async begin(kind: KeyJobKind, detail: string | null = null): Promise<KeyJobRow> {
    const running = await findRunning(this.base.dataSource);
    if (running) return sameOrRefused(running, kind, detail);
    const id = newId();
    try {
      await this.base.dataSource.transaction(async (manager) => {
        await insertJob(manager, { id, kind, detail });
        noteAct(manager, entryOf(kind, id, 'started'));
      });
    } catch (error) {
      if (uniqueViolation(error) !== 'key_job_one_running') throw error;
      return this.begin(kind, detail); // somebody else began one in this moment
    }
    return (await findJob(this.base.dataSource, id))!;
  }

  /** Does the job here, or follows whoever does it, until it has ended one way or the other. */
  async finish(id: string, onProgress: OnProgress = () => undefined): Promise<KeyJobRow> {
    for (;;) {
      const job = await findJob(this.base.dataSource, id);
      if (!job || job.state !== 'RUNNING') return job!;
      onProgress(job.done, job.total);
      if (this.stopping.signal.aborted) return job;
      if (!(await this.attempt(onProgress))) await new Promise((resolve) => setTimeout(resolve, PROGRESS_MS));
    }
  }

  /** Does the job that is under way, unless another process is at it; false when nothing was there to do. */
  attempt(onProgress: OnProgress = () => undefined): Promise<boolean> {
    if (this.current || this.stopping.signal.aborted) return Promise.resolve(false);
    const attempt = this.locked(onProgress);
    this.current = attempt.then(
      () => undefined,
      () => undefined,
    );
    return attempt.finally(() => (this.current = null));
  }

  /** Lets the running job come to the end of its batch; another process, or the next start, resumes it. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.current;
  }

  private async locked(onProgress: OnProgress): Promise<boolean> {
    if (!(await findRunning(this.base.dataSource))) return false;
    if (!(await this.lock.take())) return false;
    try {
      const job = await findRunning(this.base.dataSource); // it may have ended before the lock was had
      if (!job) return false;
      await this.work(job, onProgress);
      return true;
    } finally {
      await this.lock.release();
    }
  }

  private async work(job: KeyJobRow, onProgress: OnProgress): Promise<void> {
    const { dataSource } = this.base;
    const { signal } = this.stopping;
    let written = 0;
    let reached: [number, number] = [job.done, job.total];
    const progress = async (done: number, total: number) => {
      reached = [done, total];
      onProgress(done, total);
      signal.throwIfAborted();
      if (Date.now() - written < PROGRESS_MS) return;
      written = Date.now();
      await saveProgress(dataSource, job.id, done, total);
    };
    const fault = await runIn(systemContext(jobActions[job.kind]), () =>
      this.works[job.kind]({ job, progress, signal }),
    ).then(
      () => null,
      (error: unknown) => error ?? new Error('unknown'),
    );
    await saveProgress(dataSource, job.id, ...reached);
    if (fault && signal.aborted) return;
    if (fault) this.logger.error({ err: fault, job: job.kind }, 'a job on keys failed');
    await saveEnd(dataSource, job.id, fault ? reasonOf(fault) : null);
    const entry = entryOf(job.kind, job.id, fault ? 'failed' : 'finished');
    await runIn(systemContext(jobActions[job.kind]), () => this.base.audit.record(entry));
  }
}

function entryOf(kind: KeyJobKind, id: string, step: 'started' | 'finished' | 'failed'): EntryDraft {
  const outcome = step === 'failed' ? 'failed' : 'ok';
  return { action: jobActions[kind], outcome, target: { type: 'keyJob', id }, fields: [step] };
}

function sameOrRefused(running: KeyJobRow, kind: KeyJobKind, detail: string | null): KeyJobRow {
  if (running.kind === kind && (kind !== 'RESEAL' || running.detail === detail)) return running;
  throw new KeyWorkError(`Another job on keys is running: ${jobActions[running.kind]}.`);
}

/** Messages of our own errors name keys and epochs, never values; anything else may quote what it failed on. */
function reasonOf(fault: unknown): string {
  const own = ['CustodyError', 'EpochUnavailableError', 'WrongRootKeyError', 'IntegrityError', 'KeyWorkError'];
  if (fault instanceof Error && own.includes(fault.name)) return fault.message;
  return 'An unexpected fault; the server’s log says more.';
}
