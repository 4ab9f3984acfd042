import type { Page } from '../graphql/pagination';
import type { AuditFilter } from './audit.inputs';
import { exactly, FIELD_SET, ownActions, placed, type Condition, type Statement } from './log-conditions';
import { elements, having } from './log-elements';
import type { LogPeople } from './log-people';
import { LogOrder, type Place, type Step } from './log-order';

/** Entries that stand side by side in an index, in the log's own order. */
export interface List {
  from: string;
  place: Place;
  where: readonly Condition[];
  /** Of so many people that their lists are put together before any entry is fetched. */
  people?: readonly string[];
}

/** A way past every entry that is asked for, and past others: a list, or several that are merged; none when there are no entries. */
export type Way = readonly List[];

const ENTRIES = 'audit_entry e';
/** Fenced off, so that entries are looked up one after the other as places come. */
const ENTRIES_THERE = 'CROSS JOIN LATERAL (SELECT * FROM audit_entry e WHERE e.index = p.index OFFSET 0) e';
const PLACES = 'audit_entry_patient p';

/** The whole log, or a stretch of it. */
export function wholeLog(filter: AuditFilter): List {
  return { from: ENTRIES, place: 'e.index', where: placed(filter) };
}

/** Entries that name a person, under any id. */
export function entriesOf(patients: readonly string[], filter: AuditFilter): Way {
  return patients.map((value) => {
    const named: Condition = { sql: (patient) => `p.patient_id = ${patient}`, value };
    return { from: `${PLACES} ${ENTRIES_THERE}`, place: 'p.index', where: [named, ...placed(filter, 'p.index')] };
  });
}

/** What a viewer does and what is done to these people, in one way; none for who sees everything. */
export function ownWay({ viewer, own }: LogPeople, filter: AuditFilter): Way[] {
  if (viewer.reach === 'all') return [];
  const [acts] = merged([ownActions(viewer)], filter);
  const theirs: List = { from: PLACES, place: 'p.away', where: placed(filter, 'p.index'), people: own ?? [] };
  return [own ? [...acts!, theirs] : acts!];
}

/**
 * The ways to what a filter asks for, of which the shortest is to be taken; none when it asks for no more than a stretch of the log.
 *
 * @param sets of column groups that the one asked for is in; null: none is asked for, or they are too many
 */
export function waysTo(filter: AuditFilter, { asked }: LogPeople, sets: readonly string[] | null): Way[] {
  const { actions } = filter;
  const ways = exactly(filter).flatMap((one) => merged([one], filter));
  if (asked) ways.push(entriesOf(asked, filter));
  if (actions)
    ways.push(
      ...merged(
        [...new Set(actions)].map((action) => having(elements.ACTION, action)),
        filter,
      ),
    );
  const inSet = (value: string) => ({
    sql: (set: string) => `${FIELD_SET} = hashtextextended(${set}, 0)`,
    value,
    listed: true,
  });
  if (sets) ways.push(...merged(sets.map(inSet), filter));
  return ways;
}

/** The way along the entries of any of these; none when one of them is not listed. */
export function merged(any: readonly Condition[], filter: AuditFilter): Way[] {
  if (any.some(({ listed }) => !listed)) return [];
  return [any.map((one) => ({ from: ENTRIES, place: '-e.index', where: [one, ...placed(filter, '-e.index')] }))];
}

/**
 * FROM of so many entries along a way, in the order asked for, and ORDER BY around it: by columns of the walk, or PostgreSQL
 * would not know that it comes in that order, go to its end and sort it.
 */
export function walked(
  way: Way,
  { order, from, backward, most }: Pick<Page, 'from' | 'backward'> & { order: LogOrder; most: number },
  statement: Statement,
): { from: string; orderBy: string } {
  let orderBy = '';
  const lists = way.map((list) => {
    const step = order.step(from, backward, list.place);
    orderBy = step.outerOrderBy;
    const end = `ORDER BY ${step.orderBy} LIMIT ${most}`;
    if (list.people) {
      const places = together(list, { step: order.step(from, backward, 'p.index'), end, most }, statement);
      return `(SELECT e.*, ${step.keys} FROM ${places} ${ENTRIES_THERE} ${end})`;
    }
    const where = statement.all([...list.where, ...step.where]);
    return `(SELECT e.*, ${step.keys} FROM ${list.from} WHERE ${where} ${end})`;
  });
  if (lists.length === 1) return { from: `${lists[0]} e`, orderBy };
  // an entry that stands in two of the lists is one
  const all = `(${lists.join(' UNION ALL ')}) e`;
  return { from: `(SELECT DISTINCT ON (e.walked_at) * FROM ${all} ORDER BY ${orderBy} LIMIT ${most}) e`, orderBy };
}

/** Of each one's places as many as are wanted of all: however many there are, no more are looked at. */
function together(
  { from, where, people }: List,
  { step, end, most }: { step: Step; end: string; most: number },
  statement: Statement,
): string {
  const one: Condition = { sql: (ids) => `unnest(${ids}::uuid[]) AS one (id)`, value: people };
  const theirs = `p.patient_id = one.id AND ${statement.all([...where, ...step.where])}`;
  const places = `SELECT p.index, -p.index AS away FROM ${from} WHERE ${theirs} ORDER BY ${step.orderBy} LIMIT ${most}`;
  return `(SELECT DISTINCT p.index, p.away FROM ${statement.one(one)} CROSS JOIN LATERAL (${places}) p ${end}) p`;
}

export const NEWEST_FIRST = { order: new LogOrder(null), from: null, backward: false };

/** FROM of the newest entries on a way. */
export function newestOf(way: Way, most: number): (statement: Statement) => string {
  return (statement) => walked(way, { ...NEWEST_FIRST, most }, statement).from;
}
