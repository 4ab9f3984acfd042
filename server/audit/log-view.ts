import type { Pool } from 'pg';
import { COUNTED_AT_MOST } from '../database/count-up-to';
import type { Page } from '../graphql/pagination';
import type { AuditFilter } from './audit.inputs';
import * as log from './log-conditions';
import { Statement, type Condition, type Viewer } from './log-conditions';
import type { LogOrder } from './log-order';

export interface EntryRow {
  index: string;
  entry: Buffer;
  leaf: Buffer;
  chain: Buffer;
  /** The element the list is sorted by, as text. */
  sorted: string;
}

/** What few entries meet; `along` the index of an element, or by the primary key. */
interface Few {
  few: readonly Condition[];
  along: boolean;
}

/** What a look at the log is to find. */
export interface LogQuery {
  /** The entries to choose from: places that stand in a set of their own; a few; or, walked along an index, all. */
  among: { set: Condition } | Few | { walk: readonly Condition[]; along: boolean };
  where: readonly Condition[];
}

/** A page and one entry more, in walking order; and how far it got when it gave up on filling the page. */
export interface LogPage {
  rows: EntryRow[];
  stoppedAt?: string[];
}

/** Clocks of servers differ, and an entry may be sealed a little after a later one; never by as much as this, in minutes. */
const CLOCKS_DIFFER_MINUTES = 10;

/** Entries one statement looks through at most. A page of few hits is then short, and the next goes on from there. */
const MOST_LOOKED_AT = 10_000;

/** What reads a page (LIMIT is still to be said), and what tells where it gave up, if it can. */
export interface PageStatements {
  read: { text: string; values: unknown[] };
  stop: { text: string; values: unknown[] } | null;
}

/**
 * Reads the log by any elements, sorted by any of them, in bounded time at ten million entries. When any one thing that is
 * asked for has few entries, those are fetched, narrowed and sorted. Otherwise the log is walked in the order asked for, along
 * an index, and looked through up to a bound: PostgreSQL would guess how soon a page is full, and guesses badly where elements
 * go together, such as actions that only one role takes (decision 26).
 */
export class LogView {
  /** @param bound entries looked through at most, for tests */
  constructor(
    private readonly pool: Pool,
    private readonly bound = MOST_LOOKED_AT,
  ) {}

  async page(query: LogQuery, order: LogOrder, page: Page): Promise<LogPage> {
    const { read, stop } = this.statements(query, order, page);
    const { rows } = await this.pool.query<EntryRow>(`${read.text} LIMIT ${page.size + 1}`, read.values);
    if (rows.length > page.size || !stop) return { rows };
    const { rows: last } = await this.pool.query<{ sorted: string; index: string }>(stop.text, stop.values);
    return { rows, stoppedAt: last[0] && [last[0].sorted, last[0].index] };
  }

  statements({ among, where }: LogQuery, order: LogOrder, { from, backward }: Page): PageStatements {
    const key = `${order.key} AS sorted, e.index::text`;
    const columns = `SELECT ${key}, e.entry, e.leaf, e.chain`;
    const read = new Statement();
    // a few that lie in the order asked for are walked as well, only that they are all there is
    const all = 'few' in among && among.along && order.plain;
    if (!('walk' in among || all)) {
      const step = order.step(from, backward, 'set' in among ? 's.index' : 'e.index');
      const chosen = this.chosen(among, read);
      const text = `${columns} FROM ${chosen} WHERE ${read.all([...where, ...step.where])} ORDER BY ${step.orderBy}`;
      return { read: { text, values: read.values }, stop: null };
    }
    const along = 'walk' in among ? among.walk : among.few;
    const step = order.step(from, backward, among.along ? '-e.index' : 'e.index');
    const conditions = [...step.where, ...(order.plain ? along : [])];
    const walk = (to: Statement) => `FROM audit_entry e WHERE ${to.all(conditions)} ORDER BY ${step.orderBy}`;
    const walked = `(SELECT e.*, ${step.keys} ${walk(read)} LIMIT ${this.bound}) e`;
    const text = `${columns} FROM ${walked} WHERE ${read.all(where)} ORDER BY ${step.outerOrderBy}`;
    if (all) return { read: { text, values: read.values }, stop: null };
    const last = new Statement();
    const stop = `SELECT ${key} ${walk(last)} OFFSET ${this.bound - 1} LIMIT 1`;
    return { read: { text, values: read.values }, stop: { text: stop, values: last.values } };
  }

  /** FROM of the entries that are then narrowed. Fenced off, so that what they are narrowed by does not look for them. */
  private chosen(among: LogQuery['among'], statement: Statement): string {
    if ('few' in among) return fewOf(among, statement, this.bound);
    if ('set' in among)
      return `${statement.one(among.set)} s CROSS JOIN LATERAL (SELECT * FROM audit_entry e WHERE e.index = s.index OFFSET 0) e`;
    return `(SELECT * FROM audit_entry e WHERE ${statement.all(among.walk)} LIMIT ${this.bound + 1}) e`;
  }

  /** How many entries there are; undefined above 10,000, and where more would have to be looked through. */
  async count({ among, where }: LogQuery): Promise<number | undefined> {
    const counted = new Statement();
    const chosen = this.chosen(among, counted);
    const { rows } = await this.pool.query<{ n: number; looked: number }>(
      `SELECT count(*) FILTER (WHERE ${counted.all(where)})::int AS n, count(*)::int AS looked FROM ${chosen}`,
      counted.values,
    );
    const { n, looked } = rows[0] ?? { n: 0, looked: 0 };
    const whole = 'set' in among || looked <= this.bound;
    return whole && n <= COUNTED_AT_MOST ? n : undefined;
  }

  /** What this viewer may see of what the filter asks for. */
  async query(viewer: Viewer, asked: AuditFilter): Promise<LogQuery> {
    const filter = { ...asked, ...(await this.places(asked)) };
    const rest = [...log.exactly(filter), ...log.placed(filter), ...log.anyOf(filter), ...log.timed(filter)];
    if (filter.patientId) {
      const where = [...log.seenOfPatient(viewer), ...rest];
      return { among: { set: { sql: log.OF_PATIENT, value: filter.patientId } }, where };
    }
    if (viewer.reach === 'ownPatients') return { among: { set: { sql: log.SEEN_BY, value: viewer.id } }, where: rest };
    const self = viewer.reach === 'own' ? [log.ownActions(viewer)] : [];
    return { among: await this.among([...self, ...log.exactly(filter)], filter), where: [...self, ...rest] };
  }

  /** The entries of the first element of which there are few; or a walk along the first, or along the whole log. */
  private async among(exact: readonly Condition[], filter: AuditFilter): Promise<LogQuery['among']> {
    const [range, rangeAlong] = [log.placed(filter), log.placedAlong(filter)];
    const candidates = [
      ...exact.map((one) => ({ few: [one, ...rangeAlong], along: true })),
      ...log.anyOf(filter).map((one) => ({ few: [one, ...range], along: false })),
      ...(range.length > 0 ? [{ few: range, along: false }] : []),
    ];
    for (const candidate of candidates) {
      const counted = new Statement();
      const { rows } = await this.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${fewOf(candidate, counted, this.bound + 1)}`,
        counted.values,
      );
      if ((rows[0]?.n ?? 0) <= this.bound) return candidate;
    }
    return exact[0] ? { walk: [exact[0], ...rangeAlong], along: true } : { walk: range, along: false };
  }

  /**
   * A period as places in the log. Entries of last year are by far not among the newest, which a walk by index would only
   * learn by passing all that came since.
   */
  async places({ from, to, fromIndex, toIndex }: AuditFilter): Promise<Pick<AuditFilter, 'fromIndex' | 'toIndex'>> {
    if (!from && !to) return {};
    const { rows } = await this.pool.query<{ above: string | null; below: string | null }>(
      `SELECT (SELECT index FROM audit_entry WHERE at < $1::timestamptz - $3 * interval '1 minute'
           ORDER BY at DESC, -index DESC LIMIT 1) AS above,
         (SELECT index FROM audit_entry WHERE at > $2::timestamptz + $3 * interval '1 minute'
           ORDER BY at, -index LIMIT 1) AS below`,
      [from ?? null, to ?? null, CLOCKS_DIFFER_MINUTES],
    );
    const { above, below } = rows[0] ?? { above: null, below: null };
    const last = Math.min(toIndex ?? Infinity, below === null ? Infinity : Number(below));
    return {
      fromIndex: Math.max(fromIndex ?? 0, above === null ? 0 : Number(above) + 1),
      toIndex: Number.isFinite(last) ? last : null,
    };
  }
}

/** Newest first, by the index that has them so: a page must not be found by walking the log. */
function fewOf(
  { few, along }: { few: readonly Condition[]; along: boolean },
  statement: Statement,
  limit: number,
): string {
  const newestFirst = along ? '-e.index' : 'e.index DESC';
  return `(SELECT * FROM audit_entry e WHERE ${statement.all(few)} ORDER BY ${newestFirst} LIMIT ${limit}) e`;
}
