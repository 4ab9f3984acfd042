import { Client } from 'pg';

/** Digest of every table of a database: equal before and after means that nothing was written. */
export async function everythingStored(url: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const digests: Record<string, string> = {};
    for (const { name } of rows) {
      const found = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS digest FROM ${name} t`,
      );
      digests[name] = found.rows[0]?.digest ?? '';
    }
    return digests;
  } finally {
    await client.end();
  }
}
