import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { useEmbeddedPostgres, type EmbeddedPostgres } from '../../server/database/embedded';
import { databaseRoles } from '../../server/database/roles';

let folder: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-logins-'));
  // as root, PostgreSQL's user passes through a folder made by the program itself
  postgres = await useEmbeddedPostgres(join(folder, 'var'), () => undefined);
}, 60_000);

afterAll(async () => {
  await postgres.release();
  await rm(folder, { recursive: true, force: true });
});

async function asking<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

test.each(['app', 'sealer'] as const)(
  'the embedded database’s %s has a login of its own, and cannot take another role',
  async (part) => {
    const url = postgres.urls[part];
    expect(await asking(url, 'SELECT session_user, current_user')).toEqual([
      { session_user: databaseRoles[part], current_user: databaseRoles[part] },
    ]);
    for (const role of [
      'chartseal',
      'postgres',
      ...Object.values(databaseRoles).filter((one) => one !== databaseRoles[part]),
    ]) {
      await expect(asking(url, `SET ROLE ${role}`)).rejects.toMatchObject({ code: '42501' });
    }
  },
);

test('no login opens with another’s password', async () => {
  const url = new URL(postgres.urls.owner);
  url.password = new URL(postgres.urls.app).password;
  await expect(asking(url.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});
