import type { Page } from '../graphql/pagination';
import type { AuditFilter } from './audit.inputs';
import { exactly, FIELD_SET, placed, type Condition, type Statement } from './log-conditions';
import { elements, having } from './log-elements';
import { LogOrder, type Place } from './log-order';

/** Entries that stand side by side in an index, in the log's own order. */
export interface List {
  from: string;
  place: Place;
  where: readonly Condition[];
}

/** A way past every entry that is asked for, and past others: a list, or several that are merged; none when there are no entries. */
export type Way = readonly List[];

const ENTRIES = 'audit_entry e';
/** Fenced off, so that entries are looked up one after the other as a patient's places come. */
const ENTRIES_OF_PATIENT =
  'audit_entry_patient p CROSS JOIN LATERAL (SELECT * FROM audit_entry e WHERE e.index = p.index OFFSET 0) e';

/** The whole log, or a stretch of it. */
export function wholeLog(filter: AuditFilter): List {
  return { from: ENTRIES, place: 'e.index', where: placed(filter) };
}

/** Entries that name a person, under any id. */
export function entriesOf(patients: readonly string[], filter: AuditFilter): Way {
  return patients.map((value) => {
    const named: Condition = { sql: (patient) => `p.patient_id = ${patient}`, value };
    return { from: ENTRIES_OF_PATIENT, place: 'p.index', where: [named, ...placed(filter, 'p.index')] };
  });
}

/**
 * The ways to what a filter asks for, of which the shortest is to be taken; none when it asks for no more than a stretch of the log.
 *
 * @param self what a viewer may see of the log
 * @param sets of column groups that the one asked for is in; null: none is asked for, or they are too many
 */
export function waysTo(filter: AuditFilter, self: readonly Condition[], sets: readonly string[] | null): Way[] {
  const { patientId, actions } = filter;
  const ways = [...self, ...exactly(filter)].flatMap((one) => merged([one], filter));
  if (patientId) ways.push(entriesOf([patientId], filter));
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
    const where = statement.all([...list.where, ...step.where]);
    return `(SELECT e.*, ${step.keys} FROM ${list.from} WHERE ${where} ORDER BY ${step.orderBy} LIMIT ${most})`;
  });
  if (lists.length === 1) return { from: `${lists[0]} e`, orderBy };
  // an entry that stands in two of the lists is one
  const all = `(${lists.join(' UNION ALL ')}) e`;
  return { from: `(SELECT DISTINCT ON (e.walked_at) * FROM ${all} ORDER BY ${orderBy} LIMIT ${most}) e`, orderBy };
}

export const NEWEST_FIRST = { order: new LogOrder(null), from: null, backward: false };

/** FROM of entries that are then narrowed and sorted. */
export interface Chosen {
  place: 'e.index' | 's.index';
  from: (statement: Statement) => string;
}

/** Places that stand in a set of their own. Fenced off, so that what entries are narrowed by does not look for them. */
export function setOf(set: Condition): Chosen {
  const entries = 'CROSS JOIN LATERAL (SELECT * FROM audit_entry e WHERE e.index = s.index OFFSET 0) e';
  return { place: 's.index', from: (statement) => `${statement.one(set)} s ${entries}` };
}

/** The newest entries on a way. */
export function newestOf(way: Way, most: number): Chosen {
  return { place: 'e.index', from: (statement) => walked(way, { ...NEWEST_FIRST, most }, statement).from };
}
