import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrate } from '../../server/database/migrate';
import { freshDatabase } from '../support/postgres';

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
  const url = await freshDatabase();
  const servers = Array.from(
    { length: 4 },
    () =>
      new DataSource({
        type: 'postgres',
        url,
        migrations: [Slow1800000000000],
        migrationsTableName: 'schema_migration',
      }),
  );
  await Promise.all(servers.map((server) => server.initialize()));
  try {
    const applied = await Promise.all(servers.map(migrate));
    expect(applied.flat()).toEqual(['Slow1800000000000']);
    expect(await migrate(servers[0]!)).toEqual([]);
  } finally {
    await Promise.all(servers.map((server) => server.destroy()));
  }
});
