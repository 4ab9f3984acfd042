import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { noteAct } from '../audit';
import { runIn } from '../crypto/access-scope';
import { keyIdIn } from '../database/key-report';
import { sealedEntities } from '../database/sealed-column';
import { systemContext } from '../graphql/context';
import { ownedBy, ownersCondition } from './reseal-rows';

/**
 * How long a replaced key stays: a request may have read a row before it was sealed anew, and open it after. No statement
 * runs longer than 30 s unless STATEMENT_TIMEOUT_MS says so, and this is twice that; who reads longer still asks again.
 */
const GRACE_SECONDS = 60;
/** Keys looked at in one transaction. */
const BATCH = 500;

interface RetiredKey {
  id: string;
  owner: string;
}

/**
 * Destroys keys that were replaced long enough ago and that no envelope names any more, in any sealed column. Answers how
 * many. A key that something still names stays, and `keys verify` tells of it.
 */
export async function destroyRetiredKeys(base: Foundation): Promise<number> {
  let destroyed = 0;
  for (let after = '0'; ;) {
    const batch = await runIn(systemContext('destroy-keys'), () => destroyBatch(base, after));
    if (batch.last === null) return destroyed;
    destroyed += batch.destroyed;
    after = batch.last;
  }
}

async function destroyBatch({ dataSource }: Foundation, after: string) {
  return dataSource.transaction(async (manager) => {
    const keys = await manager.query<RetiredKey[]>(
      `SELECT id::text, owner FROM data_key WHERE retired_at < now() - make_interval(secs => $1) AND id > $2::bigint
       ORDER BY data_key.id LIMIT $3 FOR UPDATE SKIP LOCKED`,
      [GRACE_SECONDS, after, BATCH],
    );
    if (keys.length === 0) return { last: null, destroyed: 0 };
    const named = await stillNamed(manager, keys);
    const ids = keys.map(({ id }) => id).filter((id) => !named.has(id));
    if (ids.length > 0) {
      await manager.query('DELETE FROM data_key WHERE id = ANY($1::bigint[])', [ids]);
      await manager.query('DELETE FROM key_use WHERE key_id = ANY($1::bigint[])', [ids]);
      noteAct(manager, {
        action: 'destroy-keys',
        target: { type: 'dataKey', id: null },
        fields: [`${ids.length} keys`],
      });
    }
    return { last: keys.at(-1)!.id, destroyed: ids.length };
  });
}

/** Those of these keys that some envelope of their owner is under. */
async function stillNamed(manager: EntityManager, keys: RetiredKey[]): Promise<Set<string>> {
  const named = new Set<string>();
  for (const table of sealedEntities()) {
    const theirs = keys.filter(({ owner }) => ownedBy(table, owner));
    if (theirs.length === 0) continue;
    const cells = table.columns.map(({ column }) => `(t.${column}::bytea)`).join(', ');
    const rows = await manager.query<{ id: string }[]>(
      `SELECT DISTINCT ${keyIdIn('cell.bytes')}::text AS id FROM ${table.table} t CROSS JOIN LATERAL (VALUES ${cells}) AS cell (bytes)
       WHERE ${ownersCondition(table)} AND cell.bytes IS NOT NULL AND ${keyIdIn('cell.bytes')} = ANY($2::bigint[])`,
      [[...new Set(theirs.map(({ owner }) => owner))], theirs.map(({ id }) => id)],
    );
    for (const { id } of rows) named.add(id);
  }
  return named;
}
