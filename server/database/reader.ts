import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

interface MappedColumn {
  alias: string;
  property: string;
  from: ((raw: unknown) => unknown) | null;
}

/**
 * Reads entities through a prepared statement. TypeORM maps the columns, but its query builder re-plans and re-maps every
 * query; on the paths every page takes that cost is most of a request, so those paths read here. Writes stay with TypeORM.
 */
export class Reader<E extends ObjectLiteral> {
  private readonly columns: MappedColumn[];
  private readonly select: string;
  private readonly pool: Pool;
  private readonly names = new Map<string, string>();

  constructor(
    dataSource: DataSource,
    private readonly entity: EntityTarget<E> & (new () => E),
  ) {
    const metadata = dataSource.getMetadata(entity);
    this.pool = poolOf(dataSource);
    this.columns = metadata.columns.map((column) => {
      const { transformer } = column;
      const from = transformer && !Array.isArray(transformer) ? transformer.from : null;
      return { alias: column.databaseName, property: column.propertyName, from };
    });
    this.select = `SELECT ${this.columns.map(({ alias }) => `t.${alias}`).join(', ')} FROM ${metadata.tableName} t `;
  }

  /**
   * Rows of `SELECT columns FROM table t …`, where the rest of the statement is fixed text: values travel as parameters.
   * The number of distinct texts must be bounded, since each stays prepared on every connection.
   *
   * @param manager of the transaction to read in; without one, on any connection
   */
  async many(rest: string, values: unknown[], manager?: EntityManager): Promise<E[]> {
    const connection = manager ? await connectionOf(manager) : this.pool;
    const result = await connection.query({
      name: this.nameOf(rest),
      text: this.select + rest,
      values,
      rowMode: 'array',
    });
    return (result.rows as unknown[][]).map((row) => this.hydrate(row));
  }

  async one(rest: string, values: unknown[]): Promise<E | null> {
    return (await this.many(rest, values))[0] ?? null;
  }

  private hydrate(row: unknown[]): E {
    const entity = new this.entity();
    this.columns.forEach(({ property, from }, position) => {
      const raw = row[position];
      (entity as Record<string, unknown>)[property] = from ? from(raw) : raw;
    });
    return entity;
  }

  private nameOf(rest: string): string {
    let name = this.names.get(rest);
    if (!name) {
      name = createHash('sha1').update(this.select).update(rest).digest('base64url');
      this.names.set(rest, name);
    }
    return name;
  }
}

/** The pg connection of a transaction. */
export async function connectionOf({ queryRunner }: EntityManager): Promise<PoolClient> {
  if (!queryRunner) throw new Error('This read wants a transaction.');
  return (await queryRunner.connect()) as PoolClient;
}

/** The pg pool under TypeORM's postgres driver. */
export function poolOf(dataSource: DataSource): Pool {
  // eslint-disable-next-line no-restricted-syntax -- TypeORM keeps its pool off the public type
  return (dataSource.driver as unknown as { master: Pool }).master;
}
