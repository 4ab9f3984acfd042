import {
  EventSubscriber,
  type EntityManager,
  type EntityMetadata,
  type EntitySubscriberInterface,
  type InsertEvent,
  type ObjectLiteral,
  type QueryRunner,
  type RemoveEvent,
  type TransactionCommitEvent,
  type TransactionRollbackEvent,
  type UpdateEvent,
} from 'typeorm';
import { Sealed } from '../crypto/sealed';
import { poolOf } from '../database/reader';
import { bindRow } from '../database/sealed-column';
import { send } from '../database/transaction-runner';
import { currentContext } from '../graphql/context';
import { cellBytes, rowHash } from '../ledger';
import { systemClock } from '../platform/clock';
import { auditedInfo, takeChangeName } from './audited';
import { finish, INSERT_PENDING, pendingValues, type EntryDraft, type PendingEntry } from './entry-draft';
import { watchedTables } from './verify-rows';
import { pendingWritten } from './wake';

interface Row extends ObjectLiteral {
  id: string;
}

/** Columns that change with every edit and say nothing of it. */
const bookkeeping = new Set(['version', 'updated_at', 'updated_by', 'mrn_token', 'email_token']);

/** Under the name by which reads are entered too: a connection plans it once. */
const NOTE = { name: 'insert-audit-pending', text: INSERT_PENDING };

/**
 * Writes the entry of every change of an audited entity, in the transaction of the change: collected while it runs, inserted
 * in one statement right before it commits. What the subscriber cannot see (query builder, raw SQL) the database refuses.
 */
@EventSubscriber()
export class AuditSubscriber implements EntitySubscriberInterface {
  beforeInsert({ entity }: InsertEvent<ObjectLiteral>): void {
    if (isRow(entity)) bindRow(entity);
  }

  beforeUpdate({ entity }: UpdateEvent<ObjectLiteral>): void {
    if (isRow(entity)) bindRow(entity);
  }

  afterInsert({ entity, queryRunner, metadata }: InsertEvent<ObjectLiteral>): void {
    if (!isRow(entity)) return;
    const fields = columnsOf(metadata).flatMap(({ column, property }) => (isSet(entity[property]) ? [column] : []));
    note(queryRunner, entity, 'create', fields, metadata);
  }

  afterUpdate({ entity, databaseEntity, updatedColumns, queryRunner, metadata }: UpdateEvent<ObjectLiteral>): void {
    if (!isRow(entity) || updatedColumns.length === 0) return;
    const fields = updatedColumns.map((column) => column.databaseName);
    note(queryRunner, entity, takeChangeName(entity) ?? changeOf(entity, databaseEntity), fields, metadata);
  }

  beforeRemove({ entity, databaseEntity, queryRunner, metadata }: RemoveEvent<ObjectLiteral>): void {
    const row = entity ?? databaseEntity; // before: TypeORM takes the id away after
    if (isRow(row)) note(queryRunner, row, 'remove', [], metadata);
  }

  beforeTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const entries = collected(queryRunner);
    if (entries.length === 0) return;
    void send(queryRunner.manager, NOTE, pendingValues(entries)); // the commit fails if this does
    written(queryRunner).push(...entries.splice(0));
  }

  afterTransactionCommit({ queryRunner, dataSource }: TransactionCommitEvent): void {
    if (queryRunner.isTransactionActive) return; // a savepoint; nothing is committed yet
    const entries = written(queryRunner).splice(0);
    if (entries.length > 0) pendingWritten(poolOf(dataSource), entries);
  }

  /** Entries of a rolled back change would claim what did not happen; without any, an outer transaction cannot commit either. */
  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    collected(queryRunner).length = 0;
    written(queryRunner).length = 0;
  }
}

function note(runner: QueryRunner, row: Row, action: string, fields: string[], metadata: EntityMetadata): void {
  const info = auditedInfo(row.constructor);
  if (!info) return;
  const patient = info.patient(row as never);
  const draft = {
    action,
    target: { type: info.type, id: row.id },
    fields: fields.filter((field) => !bookkeeping.has(field) && field !== 'id').sort(),
    patients: patient ? [patient] : [],
    rowHash: action === 'remove' ? null : hashOf(row, metadata),
  };
  collected(runner).push(finish(draft, currentContext(), systemClock));
}

/** A row written past TypeORM, whole as it stands now, and what was done to it. */
export interface RowChange {
  table: string;
  row: { id: string; [column: string]: unknown };
  action: string;
  fields: readonly string[];
  patient: string | null;
  /** The patient whose row it was before. */
  formerly?: string;
}

/**
 * Notes the entry of a row that the caller has written by a statement of its own, in the same transaction; it is inserted
 * before the commit like all others. Rows of tables that are not audited have no entry.
 */
export function noteRowChange(manager: EntityManager, change: RowChange): void {
  const { table, row, action, fields, patient, formerly } = change;
  const type = watchedTables.find((watched) => watched.table === table)?.type;
  if (!type) return;
  const cells = Object.entries(row).map(([column, value]) => ({ column, bytes: cellBytes(value) }));
  noteAct(manager, {
    action,
    target: { type, id: row.id },
    fields: [...fields].sort(),
    patients: [patient, formerly].filter((id) => typeof id === 'string'),
    rowHash: rowHash(table, row.id, cells),
  });
}

/** Notes an act that changes no audited row, in the transaction of the act: one is committed only with the other. */
export function noteAct({ queryRunner }: EntityManager, draft: EntryDraft): void {
  if (!queryRunner) throw new Error('An act is noted in the transaction that does it.');
  collected(queryRunner).push(finish(draft, currentContext(), systemClock));
}

/** Over every column, clear ones too: a role or a place on a care team decides as much as what is sealed. */
function hashOf(row: Row, metadata: EntityMetadata): Buffer {
  const cells = columnsOf(metadata).map(({ column, property }) => {
    const value: unknown = row[property];
    return { column, bytes: value instanceof Sealed ? value.bytes() : cellBytes(value) };
  });
  return rowHash(metadata.tableName, row.id, cells);
}

const known = new WeakMap<EntityMetadata, { column: string; property: string }[]>();

/** Columns by name: rows are hashed and their fields told in this order, and what is sorted already sorts fast. */
function columnsOf(metadata: EntityMetadata): { column: string; property: string }[] {
  let columns = known.get(metadata);
  if (!columns) {
    columns = metadata.columns.map(({ databaseName, propertyName }) => ({
      column: databaseName,
      property: propertyName,
    }));
    columns.sort((one, other) => (one.column < other.column ? -1 : 1));
    known.set(metadata, columns);
  }
  return columns;
}

/** Hiding and bringing back are updates to the database, but not to a reader of the log. */
function changeOf(now: ObjectLiteral, before: ObjectLiteral | undefined): string {
  if (!before || !('deletedAt' in now) || (now.deletedAt === null) === (before.deletedAt === null)) return 'update';
  return now.deletedAt === null ? 'restore' : 'delete';
}

function collected(runner: QueryRunner): PendingEntry[] {
  return (runner.data.auditEntries ??= []) as PendingEntry[];
}

/** Inserted, and waiting for the commit. */
function written(runner: QueryRunner): PendingEntry[] {
  return (runner.data.auditWritten ??= []) as PendingEntry[];
}

function isRow(entity: ObjectLiteral | undefined): entity is Row {
  return entity !== undefined && auditedInfo(entity.constructor) !== null;
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}
