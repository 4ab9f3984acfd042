import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { binaryArray, isElementType, type Element, type ElementType } from './binary-array';
import { runnerOf } from './transaction-runner';

interface InsertPlan {
  name: string;
  text: string;
  columns: { type: ElementType; valueOf: (row: ObjectLiteral) => Element }[];
}

const plans = new WeakMap<EntityMetadata, InsertPlan>();

/**
 * Inserts rows of one entity, one or thousands, in one prepared statement. TypeORM's own `insert` makes every cell a
 * parameter and every call a new text; on the paths that register people that costs more than sealing them. Subscribers
 * hear of each row as they do there, and the columns' transformers seal. The statement is sent, not waited for: what breaks
 * a constraint is thrown by whatever waits next in this transaction, its commit at the latest.
 */
export async function insertRows<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: new () => E,
  rows: readonly E[],
): Promise<void> {
  if (rows.length === 0) return;
  const runner = runnerOf(manager);
  const metadata = manager.dataSource.getMetadata(entity);
  const { name, text, columns } = planOf(metadata);

  await Promise.all(rows.map((row) => runner.broadcaster.broadcast('BeforeInsert', metadata, row)));
  void runner.send({ name, text }, columns.map(({ type, valueOf }) => binaryArray(type, rows.map(valueOf)))); // prettier-ignore
  await Promise.all(rows.map((row) => runner.broadcaster.broadcast('AfterInsert', metadata, row)));
}

function planOf(metadata: EntityMetadata): InsertPlan {
  const known = plans.get(metadata);
  if (known) return known;
  const columns = metadata.columns.map(({ type, databaseName, propertyName, transformer }) => {
    if (!isElementType(type)) throw new Error(`Column ${databaseName} has a type that insertRows does not know.`);
    const to = transformer && !Array.isArray(transformer) ? transformer.to : (value: unknown) => value;
    return { type, valueOf: (row: ObjectLiteral) => (to(row[propertyName]) ?? null) as Element };
  });
  const names = metadata.columns.map(({ databaseName }) => databaseName).join(', ');
  const arrays = columns.map(({ type }, place) => `$${place + 1}::${type}[]`).join(', ');
  const text = `INSERT INTO ${metadata.tableName} (${names}) SELECT * FROM unnest(${arrays})`;
  const plan: InsertPlan = { name: `insert-${metadata.tableName}`, text, columns };
  plans.set(metadata, plan);
  return plan;
}
