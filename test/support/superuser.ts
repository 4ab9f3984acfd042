import { Client } from 'pg';
import type { Runtime } from '../../server/runtime';

/**
 * A statement past the application, as the owner of everything: what an intruder in the database can do, and what tests
 * arrange. The application's own connections may do far less.
 */
export async function asSuperuser<T = Record<string, unknown>>(
  { config }: Pick<Runtime, 'config'>,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new Client({ connectionString: superuserUrl({ config }) });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as T[];
  } finally {
    await client.end();
  }
}

export function superuserUrl({ config }: Pick<Runtime, 'config'>): string {
  if (config.databaseUrl === null) throw new Error('Tests name their database.');
  return config.databaseUrl;
}
