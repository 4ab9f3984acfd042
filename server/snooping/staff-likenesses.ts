import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { privately } from '../database/sealed-column';
import { systemContext } from '../graphql/context';
import type { User, UserRepository } from '../identity';
import type { Generations } from '../patients';
import { staffLikenessOf } from './staff-likeness';

/** Accounts filled in one transaction. */
const BATCH = 200;
/** Looking again for a list of generations that stands still has an end. */
const MOST_ATTEMPTS = 5;

type Generation = Awaited<ReturnType<Generations['active']>>;

/** Keeps the tokens by which staff are compared with patients, in every search generation that is written. */
export class StaffLikenesses {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly generations: Generations,
  ) {}

  /** Brings the tokens of an account to what it holds now, in the transaction that wrote it. Opens it, privately. */
  async put(manager: EntityManager, user: User): Promise<void> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const generations = await this.generations.live();
      for (const generation of generations) await this.write(manager, generation, [user]);
      const now = await manager.query<{ version: number }[]>('SELECT version FROM search_generation');
      if (now.every(({ version }) => generations.some((known) => known.version === version))) return;
      this.generations.forget(); // one came since this process looked
    }
    throw new Error('Search generations come and go faster than an account can be written.');
  }

  /** Gives every account tokens in this generation that has none yet, and drops those of generations that are gone. */
  async complete(generation: Generation): Promise<void> {
    const { dataSource } = this.base;
    await dataSource.query(
      'DELETE FROM staff_likeness WHERE generation NOT IN (SELECT version FROM search_generation)',
    );
    for (let after = FIRST; ;) {
      const ids = await dataSource.query<{ id: string }[]>(WITHOUT, [generation.version, after, BATCH]);
      if (ids.length === 0) return;
      await runIn(systemContext('snooping rules'), () =>
        dataSource.transaction((manager) => this.fill(manager, generation, ids.map(({ id }) => id))),
      ); // prettier-ignore
      after = ids.at(-1)!.id;
    }
  }

  /** Whom somebody is changing just now is waited for. */
  private async fill(manager: EntityManager, generation: Generation, ids: string[]): Promise<void> {
    await manager.query('SELECT 1 FROM app_user WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE', [ids]);
    await this.write(manager, generation, await this.users.select('WHERE t.id = ANY($1::uuid[])', [ids]));
  }

  private async write(manager: EntityManager, generation: Generation, users: readonly User[]): Promise<void> {
    const rows = users.flatMap((user) =>
      privately(() => staffLikenessOf(user)).map((one) => ({
        id: user.id,
        kind: one.kind,
        token: generation.likeness.token(one),
      })),
    );
    await manager.query(WRITE, [
      generation.version,
      users.map(({ id }) => id),
      rows.map(({ id }) => id),
      rows.map(({ kind }) => kind),
      rows.map(({ token }) => token),
    ]);
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';

const WITHOUT = `SELECT u.id FROM app_user u WHERE u.id > $2
  AND NOT EXISTS (SELECT FROM staff_likeness k WHERE k.generation = $1 AND k.user_id = u.id) ORDER BY u.id LIMIT $3`;

const WRITE = `WITH wanted AS (
    SELECT DISTINCT * FROM unnest($3::uuid[], $4::text[], $5::bytea[]) AS w (user_id, kind, token)),
  gone AS (
    DELETE FROM staff_likeness k WHERE k.generation = $1 AND k.user_id = ANY($2::uuid[])
      AND NOT EXISTS (SELECT FROM wanted w WHERE (w.user_id, w.kind, w.token) = (k.user_id, k.kind, k.token)))
  INSERT INTO staff_likeness (generation, user_id, kind, token)
  SELECT $1, user_id, kind, token FROM wanted ON CONFLICT DO NOTHING`;
