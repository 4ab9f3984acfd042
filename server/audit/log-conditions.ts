import type { AuditFilter } from './audit.inputs';
import { elements, having, NO_ACTOR } from './log-elements';
import type { Place } from './log-order';
import type { LogPeople, Viewer } from './log-people';

/** A condition on entries `e`, whose value (or two) travels as a parameter. */
export interface Condition {
  sql: (place: string, second: string) => string;
  value: unknown;
  also?: unknown;
  /** True when an index has the entries that meet it side by side. */
  listed?: boolean;
}

/** A statement in the making, and the values its text speaks of. */
export class Statement {
  readonly values: unknown[] = [];

  /** Writes conditions that must all hold. */
  all(conditions: readonly Condition[]): string {
    return conditions.map((one) => this.one(one)).join(' AND ') || 'true';
  }

  one({ sql, value, also }: Condition): string {
    const place = `$${this.values.push(value)}`;
    return sql(place, also === undefined ? '' : `$${this.values.push(also)}`);
  }
}

const is = (sql: string, value: unknown): Condition => ({ sql: (place) => `${sql} ${place}`, value });
const given = ({ value }: Condition): boolean => value !== undefined && value !== null;

/** Entries of this viewer's own doing. */
export function ownActions({ id }: Viewer): Condition {
  return having(elements.ACTOR, id ?? NO_ACTOR);
}

/** Elements that must be just so. */
export function exactly(filter: AuditFilter): Condition[] {
  return [
    { ...is('e.target_id =', filter.targetId), listed: true },
    having(elements.REQUEST, filter.requestId),
    having(elements.ACTOR, filter.actorId),
    having(elements.IP, filter.ip),
    having(elements.OPERATION, filter.operation),
    having(elements.ACTION, filter.action),
    having(elements.PURPOSE, filter.purpose),
    having(elements.TARGET_TYPE, filter.targetType),
    having(elements.OUTCOME, filter.outcome),
    having(elements.ROLE, filter.role),
  ].filter(given);
}

/** What column groups an entry names, all of them, in 8 bytes. Migration 0024 has this, word for word. */
export const FIELD_SET = 'hashtextextended(e.fields, 0)';

/** Actions, one of which it must be, and a column group that must be among an entry's. */
export function anyOf({ actions, field }: AuditFilter): Condition[] {
  return [
    { sql: (place: string) => `e.action = ANY(${place}::text[])`, value: actions },
    { sql: (place: string) => `${place} = ANY(string_to_array(e.fields, ','))`, value: field },
  ].filter(given);
}

/** Places in the log, in terms of an index that has them. */
export function placed({ fromIndex, toIndex }: AuditFilter, place: Place = 'e.index'): Condition[] {
  if (place === '-e.index') {
    const negative = (sign: string, value: unknown) => ({
      sql: (index: string) => `-e.index ${sign} -(${index}::bigint)`,
      value,
    });
    return [negative('<=', fromIndex), negative('>', toIndex)].filter(given);
  }
  return [is(`${place} >=`, fromIndex), is(`${place} <`, toIndex)].filter(given);
}

/** Times, exactly: places are only about right. */
export function timed({ from, to }: AuditFilter): Condition[] {
  return [is('e.at >=', from), is('e.at <', to)].filter(given);
}

/** Entries that name one of these. OFFSET 0: asked of each entry by itself, or PostgreSQL would fetch all their places first. */
export function naming(patients: readonly string[]): Condition {
  return { sql: (ids) => named(`n.patient_id = ANY(${ids}::uuid[])`), value: patients };
}

/** What of the entries this viewer may see: own actions, and those that name one of these. Null for who sees them all. */
export function seenBy({ viewer, own }: LogPeople): Condition | null {
  if (viewer.reach === 'all') return null;
  const self = ownActions(viewer);
  if (!own) return self;
  // IS TRUE: they may be thousands, an entry names few, so they are not looked up one by one
  const theirs = (ids: string) => named(`(n.patient_id = ANY(${ids}::uuid[])) IS TRUE`);
  return { sql: (actor, ids) => `(${self.sql(actor, '')} OR ${theirs(ids)})`, value: self.value, also: own };
}

const named = (patient: string): string =>
  `EXISTS (SELECT 1 FROM audit_entry_patient n WHERE n.index = e.index AND ${patient} OFFSET 0)`;
