import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { send, type Statement } from './transaction-runner';

/** What stands around the columns of an entity. */
export interface Joined {
  before: string;
  more: string;
  rest: string;
}

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
  private readonly table: string;
  private readonly pool: Pool;
  private readonly statements = new Map<string, Statement>();

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
    this.select = `SELECT ${this.columns.map(({ alias }) => `t.${alias}`).join(', ')} FROM `;
    this.table = `${metadata.tableName} t `;
  }

  /**
   * Rows of `SELECT columns FROM table t …`, where the rest of the statement is fixed text: values travel as parameters.
   * The number of distinct texts must be bounded, since each stays prepared on every connection.
   *
   * @param manager of the transaction to read in; without one, on any connection
   */
  async many(rest: string, values: unknown[], manager?: EntityManager): Promise<E[]> {
    const rows = await this.rows(rest, () => this.select + this.table + rest, values, manager);
    return rows.map((row) => this.hydrate(row));
  }

  /** Rows of `SELECT columns, more FROM source`, where the source says itself what `t` is; with each what `more` names. */
  async from(source: string, more: string, values: unknown[]): Promise<{ row: E; more: unknown[] }[]> {
    const sql = () => `${this.select.replace(' FROM ', `, ${more} FROM `)}${source}`;
    return this.withMore(await this.rows(more + source, sql, values));
  }

  /**
   * Rows of `WITH … SELECT columns, more FROM table t …` as `many` reads them, and with each what `more` names.
   *
   * @param text beginning, further columns and rest of the statement
   */
  async joined(text: Joined, values: unknown[], manager: EntityManager): Promise<{ row: E; more: unknown[] }[]> {
    const { before, more, rest } = text;
    const sql = () => `${before} ${this.select.replace(' FROM ', `, ${more} FROM `)}${this.table}${rest}`;
    const rows = await this.rows(before + more + rest, sql, values, manager);
    return this.withMore(rows);
  }

  private withMore(rows: unknown[][]): { row: E; more: unknown[] }[] {
    return rows.map((row) => ({ row: this.hydrate(row), more: row.slice(this.columns.length) }));
  }

  async one(rest: string, values: unknown[]): Promise<E | null> {
    return (await this.many(rest, values))[0] ?? null;
  }

  private async rows(
    key: string,
    text: () => string,
    values: unknown[],
    manager?: EntityManager,
  ): Promise<unknown[][]> {
    const statement = this.prepared(key, text);
    const result: { rows: unknown[] } = manager
      ? await send(manager, statement, values)
      : await this.pool.query({ ...statement, values });
    return result.rows as unknown[][];
  }

  private hydrate(row: unknown[]): E {
    const entity = new this.entity();
    this.columns.forEach(({ property, from }, position) => {
      const raw = row[position];
      (entity as Record<string, unknown>)[property] = from ? from(raw) : raw;
    });
    return entity;
  }

  private prepared(key: string, text: () => string): Statement {
    let statement = this.statements.get(key);
    if (!statement) {
      const sql = text();
      statement = { name: createHash('sha1').update(sql).digest('base64url'), text: sql, rowMode: 'array' };
      this.statements.set(key, statement);
    }
    return statement;
  }
}

/** The pg pool under TypeORM's postgres driver. */
export function poolOf(dataSource: DataSource): Pool {
  // eslint-disable-next-line no-restricted-syntax -- TypeORM keeps its pool off the public type
  return (dataSource.driver as unknown as { master: Pool }).master;
}
