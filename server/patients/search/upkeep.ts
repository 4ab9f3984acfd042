import type { Foundation } from '../../access/foundation';
import type { Logger } from 'pino';
import type { PatientIndex } from '../patient-index';
import type { Reindex, ReindexOptions } from './reindex';
import { prefixLengths } from './terms';

/** A generation is built anew once there are twice as many patients as when it was built, and at least so many. */
const WORTH_BUILDING = 1_000;
const LOOKED_AT_EVERY_MS = 5 * 60_000;

/** Of so many patients PostgreSQL's own estimate, some tenths off at most, says well enough whether there are twice as many. */
const COUNTED_AT_MOST = 50_000;
/** How many patients there are: in a small hospital counted, up to $1; in a large one that would read all of a wide table. */
const PATIENTS_ABOUT = `SELECT CASE WHEN reltuples > ${COUNTED_AT_MOST} THEN reltuples::bigint
    ELSE (SELECT count(*) FROM (SELECT FROM patient LIMIT $1) AS p) END AS n
  FROM pg_class WHERE oid = 'patient'::regclass`;

/** Keeps the search index fit: there from the first start on, and split by how common names are as the hospital grows. */
export class SearchUpkeep {
  private timer: NodeJS.Timeout | null = null;
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly base: Foundation,
    private readonly index: PatientIndex,
    private readonly builder: Reindex,
    private readonly options: { prefixes: boolean; logger: Logger },
  ) {}

  /** Builds a new generation now; false when another process is at it. */
  reindex(options: Omit<ReindexOptions, 'prefixes'> = {}): Promise<boolean> {
    return this.builder.run({ prefixes: this.options.prefixes, ...options });
  }

  /** Before anybody searches: makes the first generation, also over patients who are there already (an upgrade). */
  async open(onProgress?: (done: number, total: number) => void): Promise<void> {
    while (!(await this.index.generations.begin(this.options.prefixes))) {
      if (!(await this.reindex({ onProgress, graceMs: 0 }))) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  /** Looks now and then, until `close`, whether a new generation is wanted, and builds it in the background. */
  watch(): void {
    const look = () => {
      this.working = this.lookAfter().catch((error: unknown) => {
        if (!this.stopping.signal.aborted)
          this.options.logger.error({ err: error }, 'the search index was not rebuilt');
      });
    };
    look();
    this.timer = setInterval(look, LOOKED_AT_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.stopping.abort();
    await this.working;
  }

  /** One look: drops what a killed run left, and builds a generation when one is due. */
  async lookAfter(options: Pick<ReindexOptions, 'graceMs'> = {}): Promise<void> {
    await this.builder.dropRetired();
    if (await this.isDue()) await this.reindex({ ...options, signal: this.stopping.signal });
  }

  private async isDue(): Promise<boolean> {
    const generation = await this.index.generations.active();
    if (String(generation.plan.prefixLengths) !== String(prefixLengths(this.options.prefixes))) return true;
    const [row] = await this.base.dataSource.query<{ built_for: string; likeness: boolean }[]>(
      'SELECT patients AS built_for, likeness FROM search_generation WHERE version = $1',
      [generation.version],
    );
    if (row && !row.likeness) return true; // of before rows told of likenesses
    const due = Math.max(WORTH_BUILDING, 2 * Number(row?.built_for ?? 0));
    const [there] = await this.base.dataSource.query<{ n: string }[]>(PATIENTS_ABOUT, [due]);
    return Number(there!.n) >= due;
  }
}
