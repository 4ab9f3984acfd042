import { In, type EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { runIn } from '../../crypto/access-scope';
import { SEARCH_OWNER } from '../../crypto/keyring';
import { advisoryLocks } from '../../database/advisory-locks';
import { announce } from '../../database/key-news';
import { insertDataKey } from '../../database/key-store';
import { envelopesOf } from '../../database/sealed-column';
import { systemContext } from '../../graphql/context';
import { newId } from '../../platform/ids';
import { Generation, type GenerationState } from './generation';
import { SearchGenerationRow } from './generation.entity';
import { Plan } from './plan';

/** How old the list of generations may be, should news of a change get lost; far below the grace of a retired one. */
const FRESH_MS = 10_000;

export interface KnownGeneration {
  generation: Generation;
  state: GenerationState;
}

/** The search generations there are, as this process knows them, their keys at hand. */
export class Generations {
  private known = new Map<number, KnownGeneration>();
  private readAt = 0;
  private reading: Promise<void> | null = null;

  constructor(private readonly base: Pick<Foundation, 'dataSource' | 'keyring' | 'keyNews'>) {
    base.keyNews.on('search', () => this.forget());
  }

  /** Makes the next look read the database again. */
  forget(): void {
    this.readAt = 0;
  }

  /** Every generation whose rows must be written, lowest version first. */
  async live(): Promise<Generation[]> {
    await this.fresh();
    return [...this.known.values()].map(({ generation }) => generation);
  }

  /** The generation that is searched. Throws before `begin`. */
  async active(): Promise<Generation> {
    await this.fresh();
    const active = [...this.known.values()].find(({ state }) => state === 'active');
    if (!active) throw new Error('There is no search generation yet.');
    return active.generation;
  }

  /** The generation of this version, or null when it is no more. */
  async find(version: number): Promise<KnownGeneration | null> {
    await this.fresh();
    return this.known.get(version) ?? null;
  }

  /** Makes generation 1 of a hospital that holds nobody yet; false when one is needed for patients there are. */
  async begin(prefixes: boolean): Promise<boolean> {
    const begun = await this.base.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.firstGeneration]);
      const [row] = await manager.query<{ known: boolean; people: boolean }[]>(
        `SELECT EXISTS (SELECT 1 FROM search_generation WHERE state = 'active') AS known,
                EXISTS (SELECT 1 FROM patient) AS people`,
      );
      if (row!.known) return true;
      if (row!.people) return false;
      await runIn(systemContext('search index'), async () => {
        const first = await this.mint(1, () => Plan.unknown(prefixes));
        await this.add(manager, first, 'active');
      });
      return true;
    });
    this.forget();
    return begun;
  }

  /** A generation with a new key, not stored yet. Only within the access scope that will store it. */
  async mint(version: number, planOf: (draft: Generation) => Plan | Promise<Plan>): Promise<MintedGeneration> {
    const key = this.base.keyring.mint(SEARCH_OWNER, 'search');
    const draft = new Generation(version, this.base.keyring.keyFor(key.id), Plan.unknown(true));
    return { key, version, plan: await planOf(draft) };
  }

  /** Stores a new generation and makes room for its rows, in the caller's transaction; tells every process. */
  async add(manager: EntityManager, minted: MintedGeneration, state: 'building' | 'active'): Promise<void> {
    await insertDataKey(manager, minted.key);
    const row = Object.assign(new SearchGenerationRow(), { id: newId(), version: minted.version });
    Object.assign(row, {
      plan: minted.plan.stored(),
      keyId: minted.key.id.toString(),
      state,
      patients: '0',
      likeness: true,
    });
    await manager.insert(SearchGenerationRow, Object.assign(row, { createdAt: new Date(), retiredAt: null }));
    await manager.query('SELECT search_add_generation($1)', [minted.version]);
    await announce(manager, 'search');
  }

  private async fresh(): Promise<void> {
    while (this.reading || Date.now() - this.readAt > FRESH_MS) {
      this.reading ??= this.read().finally(() => (this.reading = null));
      await this.reading;
    }
  }

  private async read(): Promise<void> {
    const at = (this.readAt = Date.now()); // news that come while reading make it old again
    try {
      const rows = await this.base.dataSource.query<{ version: number; state: GenerationState }[]>(
        'SELECT version, state FROM search_generation ORDER BY version',
      );
      const unknown = rows.map(({ version }) => version).filter((version) => !this.known.has(version));
      const opened = unknown.length > 0 ? await this.open(unknown) : new Map<number, Generation>();
      this.known = new Map(
        rows.flatMap(({ version, state }) => {
          const generation = opened.get(version) ?? this.known.get(version)?.generation;
          return generation ? [[version, { generation, state }]] : []; // dropped between the two looks
        }),
      );
    } catch (error) {
      if (this.readAt === at) this.readAt = 0;
      throw error;
    }
  }

  private open(versions: number[]): Promise<Map<number, Generation>> {
    return runIn(systemContext('search index'), async () => {
      const rows = await this.base.dataSource.getRepository(SearchGenerationRow).findBy({ version: In(versions) });
      await this.base.keyring.hold(envelopesOf(rows));
      return new Map(
        rows.map((row) => {
          const key = this.base.keyring.keyFor(BigInt(row.keyId));
          return [row.version, new Generation(row.version, key, Plan.read(row.plan))];
        }),
      );
    });
  }
}

export interface MintedGeneration {
  key: ReturnType<Foundation['keyring']['mint']>;
  version: number;
  plan: Plan;
}
