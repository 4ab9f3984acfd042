import type { QueryResultRow } from 'pg';
import { COUNTED_AT_MOST } from '../database/count-up-to';
import type { Page } from '../graphql/pagination';
import type { AuditFilter } from './audit.inputs';
import { timed, Statement, type Condition } from './log-conditions';
import { merged, NEWEST_FIRST, newestOf, walked, wholeLog, type Way } from './log-lists';
import type { LogOrder } from './log-order';

export interface EntryRow {
  index: string;
  entry: Buffer;
  leaf: Buffer;
  chain: Buffer;
  /** The element the list is sorted by, as text. */
  sorted: string;
}

/** What a look at the log is to find. */
export interface LogQuery {
  /** Each leads past all of it; none: the log itself does. */
  among: readonly Way[];
  where: readonly Condition[];
  /** What of `where` is about a stretch of the log. */
  filter: Pick<AuditFilter, 'from' | 'to' | 'fromIndex' | 'toIndex'>;
}

/** A page and one entry more, in walking order; and how far it got when it gave up on filling the page. */
export interface LogPage {
  rows: EntryRow[];
  stoppedAt?: string[];
}

/**
 * Entries one statement looks through at most. If there are no more, they are sorted; otherwise a page of few hits is short, and
 * the next goes on from there.
 */
const MOST_LOOKED_AT = 2_500;
/** Legs of a walk, each of which may take another way. */
const LEGS = 4;
/** Of several ways, the one on which so many entries reach farthest is the shortest. */
const COMPARED = 64;
/** Values of an element that a page sorted by it looks at in vain. */
const MOST_MISSED = 8;

/** What statements are sent to. */
export interface Asked {
  query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<{ rows: Row[] }>;
}

/** Pages of the log, and counts: each statement walks one index in the order asked for, and only so far. */
export class LogWalks {
  constructor(private readonly log: Asked) {}

  async page(query: LogQuery, order: LogOrder, page: Page): Promise<LogPage> {
    const { among, where, filter } = query;
    if (among.some((way) => way.length === 0)) return { rows: [] };
    if (order.plain) return this.alongShortest(query, order, page);
    const narrowed = among.length > 0 || where.length > 0;
    const few = narrowed && (await this.few(query));
    if (few) return { rows: await this.sorted(newestOf(few, MOST_LOOKED_AT), query, order, page) };
    if (order.gapped || (order.shared && narrowed)) return this.valueByValue(among, query, order, page);
    const along = { ...wholeLog({}), where: order.timely ? timed(filter) : [] };
    return this.walk([along], where, order, { ...page, most: MOST_LOOKED_AT });
  }

  /** Walks the shortest way, which may be another after a while: what is rare in one stretch of the log is frequent in another. */
  private async alongShortest(query: LogQuery, order: LogOrder, page: Page): Promise<LogPage> {
    const rows: EntryRow[] = [];
    for (let [leg, from] = [1, page.from]; ; leg += 1) {
      const rest = { ...page, size: page.size - rows.length, from, most: MOST_LOOKED_AT / LEGS };
      const found = await this.walk(await this.shortest(query, order, rest), query.where, order, rest);
      rows.push(...found.rows);
      if (!found.stoppedAt || leg === LEGS) return { rows, stoppedAt: found.stoppedAt };
      from = found.stoppedAt;
    }
  }

  /** Walks one way until the page is full or enough was looked through; the last that was looked at comes along to say so. */
  private async walk(
    way: Way,
    where: readonly Condition[],
    order: LogOrder,
    page: Page & { most: number },
  ): Promise<LogPage> {
    const read = new Statement();
    const { from, orderBy } = walked(way, { ...page, order }, read);
    const looked = `SELECT e.*, ${read.all(where)} AS hit, row_number() OVER (ORDER BY ${orderBy}) = ${page.most} AS last FROM ${from}`;
    const { rows: found } = await this.log.query<EntryRow & { hit: boolean; last: boolean }>(
      `SELECT ${order.key} AS sorted, e.index::text, e.entry, e.leaf, e.chain, e.hit, e.last FROM (${looked}) e
       WHERE e.hit OR e.last ORDER BY ${orderBy} LIMIT ${page.size + 1}`,
      read.values,
    );
    const rows = found.filter(({ hit }) => hit);
    const stop = rows.length > page.size ? undefined : found.find(({ last }) => last);
    return { rows, stoppedAt: stop && [stop.sorted, stop.index] };
  }

  /** Sorts what is chosen, all of it. */
  private async sorted(
    chosen: (statement: Statement) => string,
    { where }: LogQuery,
    order: LogOrder,
    page: Page,
  ): Promise<EntryRow[]> {
    const read = new Statement();
    const step = order.step(page.from, page.backward, 'e.index');
    const { rows } = await this.log.query<EntryRow>(
      `SELECT ${order.key} AS sorted, e.index::text, e.entry, e.leaf, e.chain FROM ${chosen(read)}
       WHERE ${read.all([...where, ...step.where])} ORDER BY ${step.orderBy} LIMIT ${page.size + 1}`,
      read.values,
    );
    return rows;
  }

  /**
   * Entries alike in what they are sorted by, value after value: each is a page in the log's own order, for which all the ways
   * are open. Walking the index of the order would pass every entry that is not asked for.
   */
  private async valueByValue(among: readonly Way[], query: LogQuery, order: LogOrder, page: Page): Promise<LogPage> {
    const rows: EntryRow[] = [];
    let [value, index] = page.from ?? [];
    value ??= await this.nextValue(null, order, page);
    for (let missed = 0; value !== undefined;) {
      const alike = order.alike(value);
      const within = { ...query, among: [...merged([alike], query.filter), ...among], where: [alike, ...query.where] };
      const rest = { ...page, size: page.size - rows.length, from: index === undefined ? null : ['', index] };
      const found = await this.page(within, order.amongAlike, rest);
      for (const row of found.rows) rows.push({ ...row, sorted: value });
      if (rows.length > page.size) return { rows };
      if (found.stoppedAt) return { rows, stoppedAt: [value, found.stoppedAt[1]!] };
      if (found.rows.length === 0) missed += 1;
      if (missed === MOST_MISSED) return { rows, stoppedAt: [value, order.amongAlike.end(page.backward)] };
      [value, index] = [await this.nextValue(value, order, page), undefined];
    }
    return { rows };
  }

  private async nextValue(after: string | null, order: LogOrder, { backward }: Page): Promise<string | undefined> {
    const { rows } = await this.log.query<{ value: string | null }>(...order.nextValue(after, backward));
    return rows[0]?.value ?? undefined;
  }

  /** The way on which a number of entries reach farthest through the log, from where a page begins. */
  private async shortest(query: LogQuery, order: LogOrder, start: Pick<Page, 'from' | 'backward'>): Promise<Way> {
    const ways = waysOf(query);
    if (ways.length === 1) return ways[0]!;
    const reached = await this.reached(ways, { ...start, order, most: COMPARED });
    const newestFirst = order.newestFirst(start.backward);
    const distances = reached.map((index) => (index === null ? Infinity : newestFirst ? -index : index));
    return ways[distances.indexOf(Math.max(...distances))]!;
  }

  /** A way of so few entries that they can be sorted. */
  private async few(query: LogQuery): Promise<Way | undefined> {
    const ways = waysOf(query);
    const reached = await this.reached(ways, { ...NEWEST_FIRST, most: MOST_LOOKED_AT + 1 });
    return ways[reached.indexOf(null)];
  }

  /** Where each way is after so many entries; null where there are not as many. */
  private async reached(ways: readonly Way[], start: Parameters<typeof walked>[1]): Promise<(number | null)[]> {
    const statement = new Statement();
    const last = ways.map((way) => {
      const { from, orderBy } = walked(way, start, statement);
      return `(SELECT e.index::text FROM ${from} ORDER BY ${orderBy} OFFSET ${start.most - 1})`;
    });
    const { rows } = await this.log.query<{ reached: (string | null)[] }>(
      `SELECT ARRAY[${last.join()}] AS reached`,
      statement.values,
    );
    return rows[0]!.reached.map((index) => (index === null ? null : Number(index)));
  }

  /** How many entries there are; undefined above 10,000, and where more would have to be looked through. */
  async count(query: LogQuery): Promise<number | undefined> {
    const { among, where } = query;
    if (among.some((way) => way.length === 0)) return 0;
    const most = COUNTED_AT_MOST + 1;
    const counted = new Statement();
    const from = newestOf(await this.shortest(query, NEWEST_FIRST.order, NEWEST_FIRST), most)(counted);
    const { rows } = await this.log.query<{ n: number; looked: number }>(
      `SELECT count(*) FILTER (WHERE ${counted.all(where)})::int AS n, count(*)::int AS looked FROM ${from}`,
      counted.values,
    );
    const { n, looked } = rows[0]!;
    return looked < most ? n : undefined;
  }
}

function waysOf({ among, filter }: LogQuery): readonly Way[] {
  return among.length === 0 ? [[wholeLog(filter)]] : among;
}
