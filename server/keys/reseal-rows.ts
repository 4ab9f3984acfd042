import type { EntityManager } from 'typeorm';
import { noteRowChange } from '../audit';
import { keyIdOf, openEnvelope, sealEnvelope } from '../crypto/envelope';
import type { Keyring } from '../crypto/keyring';
import { keyIdIn } from '../database/key-report';
import type { SealedTable } from '../database/sealed-column';
import { jobActions } from './key-jobs';

interface Row {
  id: string;
  [column: string]: unknown;
}

/** True when rows of this table may belong to this owner. */
export function ownedBy({ owner: whose }: SealedTable, owner: string): boolean {
  return 'column' in whose || whose.id === owner;
}

/** SQL condition for the rows of these owners, a list that is parameter `$1`. */
export function ownersCondition({ owner: whose }: SealedTable): string {
  return 'column' in whose ? `t.${whose.column} = ANY($1::uuid[])` : `'${whose.id}' = ANY($1::uuid[])`;
}

/**
 * Seals anew, under the owner's current key, rows of one table that hold anything under another, `limit` at most; answers
 * how many. What the values say, their version and their time stay; the ledger gets an entry with each row's new hash.
 *
 * @throws IntegrityError, KeyUnavailableError when a value does not open
 */
export async function resealRows(work: {
  manager: EntityManager;
  keyring: Keyring;
  table: SealedTable;
  owner: string;
  limit: number;
}): Promise<number> {
  const { manager, keyring, table, owner, limit } = work;
  const { id: keyId } = keyring.currentFor(owner);
  const columns = table.columns.map(({ column }) => column);
  const older = columns.map((column) => `${keyIdIn(`t.${column}`)} <> $2::bigint`).join(' OR ');
  const rows = await manager.query<Row[]>(
    `SELECT t.* FROM ${table.table} t WHERE ${ownersCondition(table)} AND (${older}) ORDER BY t.id LIMIT $3
     FOR NO KEY UPDATE`,
    [[owner], keyId.toString(), limit],
  );
  if (rows.length === 0) return 0;
  await keyring.hold(rows.flatMap((row) => columns.map((column) => row[column] as Buffer | null)));
  const changed = rows.map((row) => resealCells(row, { table: table.table, columns, keyring, owner }));
  const sets = columns.map((column) => `${column} = n.${column}`).join(', ');
  const arrays = columns.map((_, place) => `$${place + 2}::bytea[]`).join(', ');
  await manager.query(
    `UPDATE ${table.table} t SET ${sets} FROM unnest($1::uuid[], ${arrays}) AS n (id, ${columns.join(', ')}) WHERE t.id = n.id`,
    [rows.map(({ id }) => id), ...columns.map((column) => rows.map((row) => row[column]))],
  );
  const patient = 'column' in table.owner ? owner : null;
  for (const [place, row] of rows.entries()) {
    noteRowChange(manager, {
      table: table.table,
      row,
      action: jobActions.RESEAL,
      fields: changed[place]!,
      patient,
    });
  }
  return rows.length;
}

/** Puts fresh envelopes into the row for those under another key; answers which columns. Nothing is noted as disclosed. */
function resealCells(
  row: Row,
  { table, columns, keyring, owner }: { table: string; columns: string[]; keyring: Keyring; owner: string },
): string[] {
  const changed: string[] = [];
  for (const column of columns) {
    const bytes = row[column] as Buffer | null;
    if (bytes === null) continue;
    const oldId = keyIdOf(bytes);
    const { id, key } = keyring.currentFor(owner);
    if (oldId === id) continue;
    const binding = { table, column, row: row.id, owner };
    const value = openEnvelope(bytes, keyring.keyFor(oldId), binding);
    row[column] = sealEnvelope(value, key, id, binding);
    value.fill(0);
    changed.push(column);
  }
  return changed;
}
