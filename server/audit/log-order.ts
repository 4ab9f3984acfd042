import type { Condition } from './log-conditions';
import { AuditOrderField, OrderDirection, type AuditOrder } from './audit.inputs';

/** Written for an entry of no account, where accounts are compared: nulls cannot be, and no account has this id. */
export const NO_ACTOR = '00000000-0000-0000-0000-000000000000';

/** The expressions of migration 0012's indexes, word for word, before `-index`: PostgreSQL finds an index by them. */
export const elements = {
  AT: { sql: 'e.at', type: 'timestamptz' },
  ACTOR: { sql: `coalesce(e.actor_id, '${NO_ACTOR}')`, type: 'uuid' },
  ROLE: { sql: 'e.role', type: 'text' },
  ACTION: { sql: 'e.action', type: 'text' },
  OUTCOME: { sql: 'e.outcome', type: 'text' },
  OPERATION: { sql: 'e.operation', type: 'text' },
  TARGET_TYPE: { sql: "coalesce(e.target_type, '')", type: 'text' },
  PURPOSE: { sql: 'e.purpose', type: 'text' },
  IP: { sql: 'e.ip', type: 'text' },
  REQUEST: { sql: "coalesce(e.request_id, '')", type: 'text' },
} as const satisfies Record<Exclude<AuditOrderField, 'INDEX'>, { sql: string; type: string }>;

/** How a walk goes on: what it adds to WHERE, and its ORDER BY. */
export interface Step {
  where: readonly Condition[];
  orderBy: string;
  /**
   * What a walk within FROM must also select, and ORDER BY around it: by columns of the walk, or PostgreSQL would not know that it
   * comes in that order, go to its end and sort it.
   */
  keys: string;
  outerOrderBy: string;
}

/** Newest first, as the log is read. */
const NEWEST: AuditOrder = { field: AuditOrderField.INDEX, direction: OrderDirection.DESC };

/** A sorting of the log, in terms of SQL. */
export class LogOrder {
  private readonly by: { sql: string; type: string } | null;
  private readonly ascending: boolean;
  /** Of cursors: one of another sorting is none of this. */
  readonly list: string;

  constructor(order: AuditOrder | null | undefined) {
    const { field, direction } = order ?? NEWEST;
    this.by = field === AuditOrderField.INDEX ? null : elements[field];
    this.ascending = direction === OrderDirection.ASC;
    this.list = `auditEntries by ${field} ${direction}`;
  }

  /** What a cursor holds beside the index. */
  get key(): string {
    return this.by ? `${this.by.sql}::text` : `''`;
  }

  /** True for the log's own order. */
  get plain(): boolean {
    return this.by === null;
  }

  /**
   * Goes on from a cursor, or from an end.
   *
   * @param place how the index is written that has the entries in the log's own order
   */
  step(from: readonly string[] | null, backward: boolean, place: 'e.index' | '-e.index' | 's.index'): Step {
    const up = this.ascending !== backward;
    const [value, index] = from ?? [];
    if (this.by) {
      const { sql, type } = this.by;
      const way = up ? 'ASC' : 'DESC';
      const pair = (v: string, i: string) => `(${sql}, -e.index) ${up ? '>' : '<'} (${v}::${type}, -(${i}::bigint))`;
      return {
        where: from ? [{ sql: pair, value, also: index }] : [],
        orderBy: `${sql} ${way}, -e.index ${way}`,
        keys: `${sql} AS walked_by, -e.index AS walked_at`,
        outerOrderBy: `e.walked_by ${way}, e.walked_at ${way}`,
      };
    }
    const negative = place === '-e.index';
    const grows = up !== negative;
    const beyond = (i: string) => `${place} ${grows ? '>' : '<'} ${negative ? '-' : ''}(${i}::bigint)`;
    const way = grows ? 'ASC' : 'DESC';
    return {
      where: from ? [{ sql: beyond, value: index }] : [],
      orderBy: `${place} ${way}`,
      keys: `${place} AS walked_at`,
      outerOrderBy: `e.walked_at ${way}`,
    };
  }
}
