import { createHash } from 'node:crypto';
import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { runnerOf } from './transaction-runner';

/**
 * Most columns of an update whose plan is kept: version, time and author change every time, with a field or two. The more
 * columns, the more combinations there are, and each would stay prepared on every connection.
 */
const MOST_PREPARED = 5;

const stored = new WeakMap<object, ObjectLiteral>();

/** Remembers how a row that is locked for a change, itself or through its patient, stands now; `updateRow` writes what differs then. */
export function beforeChanges<E extends object>(row: E): E {
  stored.set(row, { ...row });
  return row;
}

/**
 * Writes what has changed of a locked row, in one prepared statement without a SELECT before it: it was read under its lock.
 * Subscribers hear of it as of TypeORM's own update, and the columns' transformers seal. Sent, not waited for, as by
 * `insertRows`. A row that did not change is not written.
 *
 * @throws Error for a row not given to `beforeChanges`
 */
export async function updateRow(manager: EntityManager, row: ObjectLiteral & { id: string }): Promise<void> {
  const before = stored.get(row);
  if (!before) throw new Error('Only a row that was read under a lock is updated.');
  const runner = runnerOf(manager);
  const metadata = manager.dataSource.getMetadata(row.constructor);
  const changed = changedColumns(metadata, row, before);
  if (changed.length === 0) return;

  await runner.broadcaster.broadcast('BeforeUpdate', metadata, row, before, changed, []);
  const sets = changed.map(({ databaseName }, place) => `${databaseName} = $${place + 2}`).join(', ');
  const text = `UPDATE ${metadata.tableName} SET ${sets} WHERE id = $1`;
  const name = changed.length <= MOST_PREPARED ? createHash('sha1').update(text).digest('base64url') : undefined;
  void runner.send({ name, text }, [row.id, ...changed.map((column) => valueOf(column, row))]);
  await runner.broadcaster.broadcast('AfterUpdate', metadata, row, before, changed, []);
  beforeChanges(row);
}

type Column = EntityMetadata['columns'][number];

function changedColumns({ columns }: EntityMetadata, row: ObjectLiteral, before: ObjectLiteral): Column[] {
  return columns.filter(({ propertyName }) => !isSame(row[propertyName], before[propertyName]));
}

/** A sealed value that nobody set is the very object it was read as. */
function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return one.equals(other);
  return one === other;
}

function valueOf({ transformer, propertyName }: Column, row: ObjectLiteral): unknown {
  const value: unknown = row[propertyName];
  return transformer && !Array.isArray(transformer) ? transformer.to(value) : value;
}
