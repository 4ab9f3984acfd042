import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { runIn } from '../../crypto/access-scope';
import { advisoryLocks } from '../../database/advisory-locks';
import { announce } from '../../database/key-news';
import { privately } from '../../database/sealed-column';
import { systemContext } from '../../graphql/context';
import { inParallel } from '../../platform/in-parallel';
import type { PatientIndex } from '../patient-index';
import type { PatientRepository } from '../patient.repository';
import type { Generation } from './generation';
import { readable, samplePlan } from './sample';

/** Patients of one transaction: their rows are locked against changes for its some hundred milliseconds. */
const BATCH = 200;
/** Batches at once: while PostgreSQL writes one, this process opens the records of another. */
const BATCHES_AT_ONCE = 3;
/** How long a generation that is searched no more stays, for pages of searches that began in it. */
const GRACE_MS = 30_000;
const LOOK_AGAIN_MS = 50;
/** Locks for dropping a generation are asked for briefly and again: others would queue up behind a long wait. */
const DROP_LOCK_MS = 500;

export interface ReindexOptions {
  prefixes: boolean;
  /** Told how many patients of how many are in the new generation. */
  onProgress?: (done: number, total: number) => void;
  graceMs?: number;
  /** Ends the work between two batches; the next run goes on from there. */
  signal?: AbortSignal;
}

/**
 * Builds a new search generation while the service runs: a new key, terms split anew by how common they are now. A run that
 * was killed is taken up where it stood.
 */
export class Reindex {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly index: PatientIndex,
  ) {}

  /** False when another process is building one just now. Leaves an entry in the log for each step. */
  async run(options: ReindexOptions): Promise<boolean> {
    return this.alone(async () => {
      await this.dropRetired(0);
      const generation = await this.underConstruction(options.prefixes);
      const people = await this.fillAll(generation, options);
      options.signal?.throwIfAborted();
      await this.switchTo(generation, people);
      await sleep(options.graceMs ?? GRACE_MS, undefined, { signal: options.signal });
      await this.dropRetired(0);
    });
  }

  /** Drops generations that were retired longer ago than this: what a killed run left behind. */
  async dropRetired(graceMs = GRACE_MS): Promise<void> {
    const { dataSource } = this.base;
    const retired = await dataSource.query<{ version: number }[]>(
      `SELECT version FROM search_generation
       WHERE state = 'retired' AND retired_at <= clock_timestamp() - make_interval(secs => $1) ORDER BY version`,
      [graceMs / 1000],
    );
    for (const { version } of retired) await this.drop(version);
  }

  /** The generation a killed run has left, or a new one, seen by every writer. */
  private async underConstruction(prefixes: boolean): Promise<Generation> {
    const { dataSource } = this.base;
    const [known] = await dataSource.query<{ version: number }[]>(
      "SELECT version FROM search_generation WHERE state = 'building'",
    );
    const version = known?.version ?? (await this.make(prefixes));
    this.index.generations.forget();
    const found = await this.index.generations.find(version);
    if (!found) throw new Error('The generation under construction is gone.');
    await this.writersKnow();
    return found.generation;
  }

  private async make(prefixes: boolean): Promise<number> {
    const { dataSource } = this.base;
    return runIn(systemContext('reindex'), async () => {
      const [row] = await dataSource.query<{ next: number; people: number }[]>(
        `SELECT (SELECT coalesce(max(version), 0) + 1 FROM search_generation) AS next,
                (SELECT count(*)::int FROM patient) AS people`,
      );
      const { next, people } = row!;
      const minted = await this.index.generations.mint(next, (draft) =>
        samplePlan({ dataSource, patients: this.patients }, draft, { prefixes, people }),
      );
      await dataSource.transaction((manager) => this.index.generations.add(manager, minted, 'building'));
      await this.enter('began');
      return next;
    });
  }

  /** Waits until every transaction has ended that may have written patients without knowing of the new generation. */
  private async writersKnow(): Promise<void> {
    const { dataSource } = this.base;
    const [row] = await dataSource.query<{ now: string }[]>('SELECT pg_current_xact_id()::text AS now');
    for (;;) {
      const [seen] = await dataSource.query<{ ended: boolean }[]>(
        'SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS ended',
        [row!.now],
      );
      if (seen!.ended) return;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** Gives every patient a row who has none yet; how many patients there are. */
  private async fillAll(generation: Generation, { onProgress, signal }: ReindexOptions): Promise<number> {
    const { dataSource } = this.base;
    const [row] = await dataSource.query<{ people: number; done: number }[]>(
      `SELECT (SELECT count(*)::int FROM patient) AS people,
              (SELECT count(*)::int FROM patient_search WHERE generation = $1) AS done`,
      [generation.version],
    );
    let done = row!.done;
    onProgress?.(done, row!.people);
    await inParallel(BATCHES_AT_ONCE, this.batches(generation), async (ids) => {
      signal?.throwIfAborted();
      await runIn(systemContext('reindex'), () =>
        dataSource.transaction((manager) => this.fill(manager, generation, ids)),
      );
      done += ids.length;
      onProgress?.(Math.min(done, row!.people), row!.people);
    });
    return done;
  }

  /** Who has no row in this generation, some at a time, in the order of their ids. */
  private async *batches({ version }: Generation): AsyncGenerator<string[]> {
    for (let from = FIRST; ;) {
      const next = await this.base.dataSource.query<{ id: string; filled: boolean }[]>(NEXT, [from, version, BATCH]);
      if (next.length === 0) return;
      yield next.filter(({ filled }) => !filled).map(({ id }) => id);
      from = next.at(-1)!.id;
    }
  }

  /** Patients somebody is changing just now are waited for: then the change has written its own row. */
  private async fill(manager: EntityManager, generation: Generation, ids: string[]): Promise<void> {
    const rows = await this.patients.select(
      'WHERE t.id = ANY($1::uuid[]) ORDER BY t.id FOR SHARE OF t',
      [ids],
      manager,
    );
    // asked after the rows were locked: whom somebody erased meanwhile may still open here, by a key remembered a moment longer
    const erased = await manager.query<{ id: string }[]>('SELECT id FROM erasure WHERE id = ANY($1::uuid[])', [ids]);
    const gone = new Set(erased.map(({ id }) => id));
    const opened = rows.filter(
      (patient) => !gone.has(patient.id) && readable(() => privately(() => patient.mrn)) !== null,
    );
    await this.index.fill(manager, generation, opened);
  }

  private async switchTo({ version }: Generation, people: number): Promise<void> {
    await this.base.dataSource.transaction(async (manager) => {
      await manager.query(
        "UPDATE search_generation SET state = 'retired', retired_at = clock_timestamp() WHERE state = 'active'",
      );
      await manager.query("UPDATE search_generation SET state = 'active', patients = $2 WHERE version = $1", [
        version,
        people,
      ]);
      await announce(manager, 'search');
    });
    this.index.generations.forget();
    await this.enter('switched');
  }

  private async drop(version: number): Promise<void> {
    for (let dropped = false; !dropped;) {
      dropped = await this.base.dataSource.transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = ${DROP_LOCK_MS}`);
        await manager.query('SELECT search_drop_generation($1)', [version]);
        await announce(manager, 'search');
        return true;
      }).catch((error: unknown) => {
        if (isLockTimeout(error)) return false;
        throw error;
      }); // prettier-ignore
      if (!dropped) await sleep(LOOK_AGAIN_MS);
    }
    this.index.generations.forget();
    await this.enter('dropped');
  }

  private enter(step: string): Promise<void> {
    const context = systemContext('reindex');
    return runIn(context, () =>
      this.base.audit.record({ action: 'reindex', target: { type: 'searchIndex', id: null }, fields: [step] }),
    );
  }

  /** Under a lock that hangs on a connection of its own, so that a killed process lets go of it. */
  private async alone(work: () => Promise<void>): Promise<boolean> {
    const { options } = this.base.dataSource;
    if (options.type !== 'postgres' || options.url === undefined) throw new Error('A re-index needs a PostgreSQL URL.');
    const guard = new Client({ connectionString: options.url, application_name: 'chartseal reindex' });
    guard.on('error', () => undefined);
    await guard.connect();
    try {
      const { rows } = await guard.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
        advisoryLocks.indexing,
      ]);
      if (!rows[0]!.mine) return false;
      await work();
      return true;
    } finally {
      await guard.end();
    }
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/** The batch first, then who of it has a row: asked for the missing alone, PostgreSQL may read both tables whole each time. */
const NEXT = `SELECT p.id,
    EXISTS (SELECT 1 FROM patient_search s WHERE s.generation = $2 AND s.patient_id = p.id) AS filled
  FROM (SELECT id FROM patient WHERE id > $1 ORDER BY id LIMIT $3) AS p ORDER BY p.id`;

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}
