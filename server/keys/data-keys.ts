import type { Foundation } from '../access/foundation';
import { keyIdIn } from '../database/key-report';
import { sealedEntities } from '../database/sealed-column';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import type { DataKey, DataKeyCounts, DataKeysArgs } from './keys.types';
import { ownedBy, ownersCondition } from './reseal-rows';

const LIST = 'data keys';

/**
 * Messages after which the system's key is due: random nonces bear 2^32 (NIST SP 800-38D, 8.3), and this leaves years to
 * act in.
 */
const MESSAGES_DUE = 2 ** 28;

/** SQL that is true for a key `k` in use that is due to be replaced; `$1` is the greatest age in days. */
const DUE = `(k.retired_at IS NULL AND (k.created_at < now() - make_interval(days => $1)
  OR k.id IN (SELECT key_id FROM key_use GROUP BY key_id HAVING sum(messages) >= ${MESSAGES_DUE})))`;

interface KeyRow extends Omit<DataKey, 'envelopes'> {
  place: string;
}

/** Data keys as an administrator sees them: ages and counts. */
export class DataKeys {
  constructor(
    private readonly base: Foundation,
    private readonly maxAgeDays: number,
  ) {}

  async counts(): Promise<DataKeyCounts> {
    const [row] = await this.base.dataSource.query<DataKeyCounts[]>(
      `SELECT count(*) FILTER (WHERE retired_at IS NULL)::integer AS "inUse",
         count(*) FILTER (WHERE retired_at IS NOT NULL)::integer AS retired,
         count(*) FILTER (WHERE ${DUE})::integer AS due,
         min(created_at) FILTER (WHERE retired_at IS NULL) AS oldest
       FROM data_key k`,
      [this.maxAgeDays],
    );
    return row!;
  }

  /** A page of keys, oldest first; the envelopes under them are counted for this page only, straight from the columns. */
  async list({ first, after, due = null }: DataKeysArgs): Promise<Connection<DataKey>> {
    const { cursors, dataSource } = this.base;
    const page = readPage({ first, after }, LIST, cursors);
    const wanted = `($2::boolean IS NULL OR ${DUE} = $2)`;
    const rows = await dataSource.query<KeyRow[]>(
      `SELECT k.id::text, k.owner, k.purpose, k.kek_epoch AS epoch, k.created_at AS "createdAt",
         k.retired_at AS "retiredAt", ${DUE} AS due, k.created_at::text AS place
       FROM data_key k WHERE ${wanted} AND ($3::timestamptz IS NULL OR (k.created_at, k.id) > ($3, $4::bigint))
       ORDER BY k.created_at, k.id LIMIT $5`,
      [this.maxAgeDays, due, page.from?.[0] ?? null, page.from?.[1] ?? null, page.size + 1],
    );
    const envelopes = await this.envelopesUnder(rows);
    const keys = rows.map((row) => ({ ...row, envelopes: envelopes.get(row.id) ?? 0 }));
    const count = async () => {
      const sql = `SELECT count(*)::integer AS n FROM data_key k WHERE ${wanted}`;
      return (await dataSource.query<{ n: number }[]>(sql, [this.maxAgeDays, due]))[0]!.n;
    };
    return toConnection(keys, page, { name: LIST, cursors, keyOf: ({ place, id }) => [place, id], count });
  }

  private async envelopesUnder(keys: readonly Pick<DataKey, 'id' | 'owner'>[]): Promise<Map<string, number>> {
    const counted = new Map<string, number>();
    for (const table of sealedEntities()) {
      const theirs = keys.filter(({ owner }) => ownedBy(table, owner));
      if (theirs.length === 0) continue;
      const cells = table.columns.map(({ column }) => `(t.${column}::bytea)`).join(', ');
      const rows = await this.base.dataSource.query<{ id: string; n: number }[]>(
        `SELECT named.id::text, count(*)::integer AS n
         FROM ${table.table} t CROSS JOIN LATERAL (VALUES ${cells}) AS cell (bytes)
         CROSS JOIN LATERAL (SELECT ${keyIdIn('cell.bytes')} AS id) AS named
         WHERE ${ownersCondition(table)} AND cell.bytes IS NOT NULL AND named.id = ANY($2::bigint[]) GROUP BY 1`,
        [theirs.map(({ owner }) => owner), theirs.map(({ id }) => id)],
      );
      for (const { id, n } of rows) counted.set(id, (counted.get(id) ?? 0) + n);
    }
    return counted;
  }
}
