import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { keyIdOf, openEnvelope } from '../crypto/envelope';
import { IntegrityError } from '../crypto/errors';
import type { Keyring } from '../crypto/keyring';
import type { OnCounted } from '../database/key-report';
import { sealedEntities, type SealedTable } from '../database/sealed-column';
import { systemContext } from '../graphql/context';

interface Row {
  id: string;
  [column: string]: unknown;
}

const PAGE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Opens every sealed value at its place. Nobody is shown them: they are wiped at once and noted nowhere. Values under keys
 * that an erasure destroyed are passed over, they are meant to stay shut.
 */
export async function envelopeFaults(base: Foundation, onCounted: OnCounted): Promise<string[]> {
  const faults: string[] = [];
  const tables = sealedEntities();
  let done = 0;
  let total = 0;
  for (const { table } of tables) {
    const [row] = await base.dataSource.query<{ n: string }[]>(`SELECT count(*) AS n FROM ${table}`);
    total += Number(row!.n);
  }
  for (const table of tables) {
    for (let after = FIRST_ID; ;) {
      const rows = await pageOf(base, table, after);
      if (rows.length === 0) break;
      faults.push(...(await runIn(systemContext('keys verify'), () => faultsAmong(base, table, rows))));
      after = rows.at(-1)!.id;
      onCounted((done += rows.length), Math.max(done, total));
    }
  }
  return faults;
}

function pageOf({ dataSource }: Foundation, { table, columns, owner }: SealedTable, after: string): Promise<Row[]> {
  const whose = 'column' in owner ? owner.column : `'${owner.id}'::uuid`;
  const cells = columns.map(({ column }) => column).join(', ');
  return dataSource.query<Row[]>(
    `SELECT id, ${whose} AS sealed_for, ${cells} FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2`,
    [after, PAGE],
  );
}

async function faultsAmong(base: Foundation, { table, columns }: SealedTable, rows: Row[]): Promise<string[]> {
  const cells = rows.flatMap((row) =>
    columns.flatMap(({ column }) => {
      const bytes = row[column] as Buffer | null;
      return bytes ? [{ bytes, binding: { table, column, row: row.id, owner: String(row.sealed_for) } }] : [];
    }),
  );
  const shaped = cells.filter(({ bytes }) => findKeyId(bytes) !== null);
  const destroyed = await destroyedAmong(
    base,
    shaped.map(({ bytes }) => keyIdOf(bytes)),
  );
  await holdAll(base.keyring, shaped.map(({ bytes }) => bytes)); // prettier-ignore
  return cells.flatMap(({ bytes, binding }) => {
    const id = findKeyId(bytes);
    if (id !== null && destroyed.has(id)) return [];
    const why = whyShut(base.keyring, bytes, binding);
    return why === null ? [] : [`${table}.${binding.column} of ${binding.row} does not open: ${why}`];
  });
}

/** One key that does not unwrap (told by the check of data keys) must not keep the others of its page away. */
async function holdAll(keyring: Keyring, envelopes: Buffer[]): Promise<void> {
  try {
    await keyring.hold(envelopes);
  } catch {
    for (const envelope of envelopes) await keyring.hold([envelope]).catch(() => undefined);
  }
}

/** Null when it opens. */
function whyShut(keyring: Keyring, bytes: Buffer, binding: Parameters<typeof openEnvelope>[2]): string | null {
  try {
    openEnvelope(bytes, keyring.keyFor(keyIdOf(bytes)), binding).fill(0);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'no reason given';
  }
}

function findKeyId(bytes: Buffer): bigint | null {
  try {
    return keyIdOf(bytes);
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}

async function destroyedAmong({ dataSource }: Foundation, ids: bigint[]): Promise<Set<bigint>> {
  const possible = [...new Set(ids)].filter((id) => id < 2n ** 63n).map(String);
  const rows = await dataSource.query<{ id: string }[]>(
    'SELECT id::text FROM destroyed_key WHERE id = ANY($1::bigint[])',
    [possible],
  );
  return new Set(rows.map(({ id }) => BigInt(id)));
}
