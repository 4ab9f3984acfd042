import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Foundation } from '../access/foundation';
import { countColumns, reportEpochs, type ColumnReport, type OnCounted } from '../database/key-report';
import type { RequestContext } from '../graphql/context';
import { badInput, notFound } from '../graphql/errors';
import { lastCensus, takeCensus } from './census';
import { DataKeys } from './data-keys';
import { findNewest, type KeyJobKind, type KeyJobRow } from './key-job-store';
import { KeyJobs, type KeyWork, type OnProgress } from './key-jobs';
import { KeyKeeper } from './keeper';
import { KeyWorkError } from './key-work-error';
import type { DataKeysArgs, KeyEpoch, KeyringView, ResealInput, SearchGeneration } from './keys.types';
import { resealing } from './reseal';
import { destroyRetiredKeys } from './retired-keys';
import { rotation } from './rotate';
import { verifyKeys, type VerifyOptions } from './verify';

export interface KeysOptions {
  logger: Logger;
  /** Age after which a data key is due to be replaced. */
  maxAgeDays: number;
  /** Builds the search index anew, which the patients' part of the house knows how to; false while another builds one. */
  reindex: (how: { onProgress: OnProgress; signal: AbortSignal }) => Promise<boolean>;
}

/** Wait for an index that is being built for another reason. */
const BUSY_MS = 1_000;

/** The keys as administrators see and turn them. */
export class KeysService {
  readonly jobs: KeyJobs;
  private readonly keeper: KeyKeeper;
  private readonly keys: DataKeys;

  constructor(
    private readonly base: Foundation,
    private readonly options: KeysOptions,
  ) {
    const works: Record<KeyJobKind, KeyWork> = {
      ROTATE: rotation(base),
      RESEAL: this.resealThenCount(resealing(base)),
      REINDEX: async ({ progress, signal }) => {
        const onProgress = told(progress);
        while (!(await options.reindex({ onProgress, signal }))) await pause(BUSY_MS, undefined, { signal });
      },
    };
    this.jobs = new KeyJobs(base, options.logger, works);
    this.keeper = new KeyKeeper(base, this.jobs, options.logger);
    this.keys = new DataKeys(base, options.maxAgeDays);
  }

  keyring(context: RequestContext): KeyringView {
    this.base.policy.demand(context.actor, 'KEYS_MANAGE');
    return { custody: this.base.custody.kind };
  }

  async epochs(): Promise<KeyEpoch[]> {
    const reports = await reportEpochs(this.base.dataSource);
    return reports.map((report, place) => ({ ...report, current: place === reports.length - 1 }));
  }

  /** The last census; read once a request. */
  census(context: RequestContext) {
    return context.once(this, () => lastCensus(this.base));
  }

  dataKeyCounts() {
    return this.keys.counts();
  }

  dataKeys(args: DataKeysArgs) {
    return this.keys.list(args);
  }

  generations(): Promise<SearchGeneration[]> {
    return this.base.dataSource.query<SearchGeneration[]>(
      `SELECT version, upper(state) AS state, created_at AS "createdAt", patients::integer
       FROM search_generation ORDER BY version DESC`,
    );
  }

  job(): Promise<KeyJobRow | null> {
    return findNewest(this.base.dataSource);
  }

  /** Begins a job that goes on in the server's background. Throws BAD_USER_INPUT while another is running. */
  async begin(context: RequestContext, kind: KeyJobKind, detail: string | null = null): Promise<KeyJobRow> {
    this.base.policy.demand(context.actor, 'KEYS_MANAGE');
    this.base.policy.demandStepUp(context);
    try {
      const job = await this.jobs.begin(kind, detail);
      const fault = (error: unknown) => this.options.logger.error({ err: error }, 'a job on keys was interrupted');
      this.jobs.attempt().catch(fault);
      return job;
    } catch (error) {
      throw error instanceof KeyWorkError ? badInput('job', error.message) : error;
    }
  }

  /** Seals anew what belongs to one patient, or everything. Throws NOT_FOUND for nobody's id. */
  async reseal(context: RequestContext, { patientId = null }: ResealInput): Promise<KeyJobRow> {
    this.base.policy.demand(context.actor, 'KEYS_MANAGE');
    if (patientId) await this.demandPatientKey(patientId);
    return this.begin(context, 'RESEAL', patientId);
  }

  /** Throws NOT_FOUND for an id no patient's key belongs to. */
  async demandPatientKey(patientId: string): Promise<void> {
    const sql = "SELECT 1 FROM data_key WHERE owner = $1 AND purpose = 'patient' LIMIT 1";
    const keys = await this.base.dataSource.query<unknown[]>(sql, [patientId]);
    if (keys.length === 0) throw notFound('patient');
  }

  /** Counts every sealed column now, for the command line. */
  count(onCounted: OnCounted): Promise<ColumnReport[]> {
    return countColumns(this.base.dataSource, onCounted);
  }

  verify(options: VerifyOptions): Promise<string[]> {
    return verifyKeys(this.base, options);
  }

  /** Looks after the keys in the background from now on. For servers. */
  watch(): void {
    this.keeper.watch();
  }

  async close(): Promise<void> {
    await this.jobs.close();
    await this.keeper.close();
  }

  /** Everything re-sealed means: no value in any sealed column is under a replaced key. That is counted, not assumed. */
  private resealThenCount(work: KeyWork): KeyWork {
    return async (run) => {
      await work(run);
      await destroyRetiredKeys(this.base);
      if (run.job.detail !== null) return;
      const reports = await takeCensus(this.base, this.options.logger, () => run.signal.throwIfAborted());
      const left = reports.reduce((sum, { underRetiredKeys }) => sum + underRetiredKeys, 0);
      if (left > 0) throw new KeyWorkError(`${left} sealed values are still under replaced keys: see keys verify.`);
    };
  }
}

/** Reindexing does not wait for what it tells; when the process is about to end, its signal says so. */
function told(progress: (done: number, total: number) => Promise<void>): OnProgress {
  return (done, total) => void progress(done, total).catch(() => undefined);
}
