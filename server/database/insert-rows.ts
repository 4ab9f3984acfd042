import { QueryFailedError, type EntityManager, type EntityMetadata, type ObjectLiteral } from 'typeorm';
import { binaryArray, isElementType, type Element, type ElementType } from './binary-array';
import { connectionOf } from './reader';

interface InsertPlan {
  name: string;
  text: string;
  types: ElementType[];
}

const plans = new WeakMap<EntityMetadata, InsertPlan>();

/**
 * Inserts rows of one entity, one or thousands, in one prepared statement. TypeORM's own `insert` makes every cell a
 * parameter and every call a new text; on the paths that register people that costs more than sealing them. Subscribers
 * hear of each row as they do there, and the columns' transformers seal.
 *
 * @throws QueryFailedError as TypeORM does
 */
export async function insertRows<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: new () => E,
  rows: readonly E[],
): Promise<void> {
  const { queryRunner } = manager;
  if (rows.length === 0) return;
  if (!queryRunner) throw new Error('Rows are inserted within a transaction.');
  const metadata = manager.dataSource.getMetadata(entity);
  const { name, text, types } = planOf(metadata);
  const connection = await connectionOf(manager);

  await Promise.all(rows.map((row) => queryRunner.broadcaster.broadcast('BeforeInsert', metadata, row)));
  const values = metadata.columns.map((column, place) =>
    binaryArray(
      types[place]!,
      rows.map((row) => (column.getEntityValue(row, true) ?? null) as Element),
    ),
  );
  await connection.query({ name, text, values }).catch((error: unknown) => {
    throw new QueryFailedError(text, [], error instanceof Error ? error : new Error('The insert failed.'));
  });
  await Promise.all(rows.map((row) => queryRunner.broadcaster.broadcast('AfterInsert', metadata, row)));
}

function planOf(metadata: EntityMetadata): InsertPlan {
  const known = plans.get(metadata);
  if (known) return known;
  const types = metadata.columns.map(({ type, databaseName }) => {
    if (!isElementType(type)) throw new Error(`Column ${databaseName} has a type that insertRows does not know.`);
    return type;
  });
  const columns = metadata.columns.map(({ databaseName }) => databaseName).join(', ');
  const arrays = types.map((type, place) => `$${place + 1}::${type}[]`).join(', ');
  const text = `INSERT INTO ${metadata.tableName} (${columns}) SELECT * FROM unnest(${arrays})`;
  const plan = { name: `insert-${metadata.tableName}`, text, types };
  plans.set(metadata, plan);
  return plan;
}
