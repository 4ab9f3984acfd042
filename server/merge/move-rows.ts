import type { EntityManager } from 'typeorm';
import { noteRowChange } from '../audit';
import { keyIdOf, openEnvelope, sealEnvelope } from '../crypto/envelope';
import type { Keyring } from '../crypto/keyring';
import { sealedEntities, type SealedTable } from '../database/sealed-column';

interface Row {
  id: string;
  [column: string]: unknown;
}

/** From whose record to whose. */
export interface Move {
  manager: EntityManager;
  keyring: Keyring;
  from: string;
  to: string;
}

/** Rows by table. */
export type RowIds = Readonly<Record<string, readonly string[]>>;

/** Who cared for a record and who broke its glass is told of that record, also while it is part of another. */
const staying: readonly string[] = ['care_team_member', 'break_glass_grant'];

/**
 * Tables of which rows go with a patient: found, not listed, so that a new one is never forgotten. Visits first: what was
 * written at a visit may only be where the visit is.
 */
function moving(): SealedTable[] {
  const ofPatients = sealedEntities().filter(
    ({ table, owner }) => 'column' in owner && owner.column === 'patient_id' && !staying.includes(table),
  );
  return ofPatients.sort((one, other) => Number(other.table === 'visit') - Number(one.table === 'visit'));
}

/**
 * Moves rows of one record to another, both locked: each value is opened and sealed anew under the key of its new owner,
 * so that nothing stays behind under the old one. Ids, versions and times stay. Answers which rows.
 *
 * @param only these rows, and what was written at a visit among them; without: all there are
 * @throws IntegrityError, KeyUnavailableError when a value does not open
 */
export async function moveRows(move: Move, only?: RowIds): Promise<Record<string, string[]>> {
  const moved: Record<string, string[]> = {};
  for (const table of moving()) {
    const rows = await lockRows(move, table, only);
    if (rows.length > 0) await moveOf(move, table, rows);
    moved[table.table] = rows.map(({ id }) => id);
  }
  return moved;
}

function lockRows({ manager, from }: Move, { table }: SealedTable, only?: RowIds): Promise<Row[]> {
  const columns = manager.dataSource.entityMetadatas.find(({ tableName }) => tableName === table)?.columns ?? [];
  const atVisit = columns.some(({ databaseName }) => databaseName === 'visit_id') ? 't.visit_id' : 'NULL::uuid';
  const among = only ? `AND (t.id = ANY($2::uuid[]) OR ${atVisit} = ANY($3::uuid[]))` : '';
  return manager.query<Row[]>(
    `SELECT t.* FROM ${table} t WHERE t.patient_id = $1 ${among} ORDER BY t.id FOR UPDATE`,
    only ? [from, only[table] ?? [], only.visit ?? []] : [from],
  );
}

async function moveOf(
  { manager, keyring, from, to }: Move,
  { table, columns }: SealedTable,
  rows: Row[],
): Promise<void> {
  const names = columns.map(({ column }) => column);
  await keyring.hold(rows.flatMap((row) => names.map((column) => row[column] as Buffer | null)));
  for (const row of rows) {
    for (const column of names) row[column] = sealedFor(row, { table, column, from, to }, keyring);
    row.patient_id = to;
  }
  const sets = names.map((column) => `, ${column} = n.${column}`).join('');
  const arrays = names.map((_, place) => `, $${place + 3}::bytea[]`).join('');
  await manager.query(
    `UPDATE ${table} t SET patient_id = $2${sets}
     FROM unnest($1::uuid[]${arrays}) AS n (${['id', ...names].join(', ')}) WHERE t.id = n.id`,
    [rows.map(({ id }) => id), to, ...names.map((column) => rows.map((row) => row[column]))],
  );
  for (const row of rows)
    noteRowChange(manager, { table, row, action: 'update', fields: ['patient_id'], patient: to, formerly: from });
}

/** The cell's value in an envelope of its new owner. Nobody is shown it, so nothing is noted as disclosed. */
function sealedFor(
  row: Row,
  { table, column, from, to }: { table: string; column: string; from: string; to: string },
  keyring: Keyring,
): Buffer | null {
  const bytes = row[column] as Buffer | null;
  if (bytes === null) return null;
  const place = { table, column, row: row.id };
  const value = openEnvelope(bytes, keyring.keyFor(keyIdOf(bytes)), { ...place, owner: from });
  const { id, key } = keyring.currentFor(to);
  const sealed = sealEnvelope(value, key, id, { ...place, owner: to });
  value.fill(0);
  return sealed;
}
