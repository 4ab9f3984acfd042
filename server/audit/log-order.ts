import type { Condition } from './log-conditions';
import { AuditOrderField, OrderDirection, type AuditOrder } from './audit.inputs';
import { elements, having, inIndex, type Element } from './log-elements';

/** Elements that hardly any two entries share: entries alike in them are no list worth walking. */
const UNSHARED: readonly AuditOrderField[] = [AuditOrderField.AT, AuditOrderField.REQUEST];

/** No log gets so long. */
const AFTER_ALL = '9223372036854775807';

/** How entries come in the log's own order: by the primary key, by an element, by a patient, by many patients. */
export type Place = 'e.index' | '-e.index' | 'p.index' | 'p.away';

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
  private readonly by: Element | null;
  private readonly ascending: boolean;
  /** Of cursors: one of another sorting is none of this. */
  readonly list: string;
  /** True when many entries are alike in what they are sorted by. */
  readonly shared: boolean;
  /** True when no index has all entries in this order, but only those of unusual values. */
  readonly gapped: boolean;
  /** True when entries are sorted by their time. */
  readonly timely: boolean;

  constructor(order: AuditOrder | null | undefined) {
    const { field, direction } = order ?? NEWEST;
    this.by = field === AuditOrderField.INDEX ? null : elements[field];
    this.ascending = direction === OrderDirection.ASC;
    this.list = `auditEntries by ${field} ${direction}`;
    this.shared = this.by !== null && !UNSHARED.includes(field);
    this.gapped = this.by?.usual !== undefined;
    this.timely = field === AuditOrderField.AT;
  }

  /** What a cursor holds beside the index. */
  get key(): string {
    return this.by ? `${this.by.sql}::text` : `''`;
  }

  /** True for the log's own order. */
  get plain(): boolean {
    return this.by === null;
  }

  /** The order of entries that are alike: ascending has the newest first, descending is the exact reverse. */
  get amongAlike(): LogOrder {
    const direction = this.ascending ? OrderDirection.DESC : OrderDirection.ASC;
    return new LogOrder({ field: AuditOrderField.INDEX, direction });
  }

  /** True when a walk in the log's own order meets the newest entries first. */
  newestFirst(backward: boolean): boolean {
    return this.ascending === backward;
  }

  /** Where a walk in the log's own order has passed every entry. */
  end(backward: boolean): string {
    return this.newestFirst(backward) ? '-1' : AFTER_ALL;
  }

  /** Entries that have this value of what they are sorted by. */
  alike(value: string): Condition {
    return having(this.by!, value);
  }

  /** Text and values of a statement that answers the next `value` of what entries are sorted by, after one or from an end; or null. */
  nextValue(after: string | null, backward: boolean): [string, string[]] {
    const { sql, type, usual } = this.by!;
    const up = this.ascending !== backward;
    const [way, beyond, nearest] = up ? ['ASC', '>', 'least'] : ['DESC', '<', 'greatest'];
    const on = (value: string) => (after === null ? 'true' : `${value} ${beyond} $1::${type}`);
    const indexed = `SELECT ${sql} FROM audit_entry e WHERE ${on(sql)}${inIndex(this.by!)} ORDER BY ${sql} ${way}, -e.index ${way} LIMIT 1`;
    const other = usual === undefined ? '' : `, CASE WHEN ${on(`'${usual}'`)} THEN '${usual}' END`;
    return [`SELECT ${nearest}((${indexed})${other})::text AS value`, after === null ? [] : [after]];
  }

  /**
   * Goes on from a cursor, or from an end.
   *
   * @param place how the index is written that has the entries in the log's own order
   */
  step(from: readonly string[] | null, backward: boolean, place: Place): Step {
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
    const negative = place === '-e.index' || place === 'p.away';
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
