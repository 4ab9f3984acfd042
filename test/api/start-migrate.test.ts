import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrate } from '../../server/database/migrate';
import { emptyDatabase } from '../support/postgres';

/** Slow enough that whoever does not wait comes in between. */
class Slow1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_sleep(0.3); CREATE TABLE made_once (at timestamptz)');
  }

  async down(): Promise<void> {
    throw new Error('Landed migrations stay.');
  }
}

test('of several servers that start at once one migrates, and the others wait for it', async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(url, [Slow1800000000000])));
  expect(applied.flat()).toEqual(['Slow1800000000000']);
  expect(await migrate(url, [Slow1800000000000])).toEqual([]);
});

test('a program older than the tables does not touch them', async () => {
  const url = await emptyDatabase();
  await migrate(url, [Slow1800000000000]);
  await expect(migrate(url, [])).rejects.toThrow(/newer Chartseal \(Slow1800000000000\)/);
});

/** Finishes only where no statement is cut short, however many rows it rewrites. */
class Patient1800000000001 extends Slow1800000000000 {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query("DO $$ BEGIN ASSERT current_setting('statement_timeout') = '0'; END $$");
  }
}

test('a migration of a large hospital is not cut short by the limit that requests have', async () => {
  expect(await migrate(await emptyDatabase(), [Patient1800000000001])).toEqual(['Patient1800000000001']);
});
