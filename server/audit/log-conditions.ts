import type { AuditFilter } from './audit.inputs';
import { elements, having, NO_ACTOR } from './log-elements';
import type { Place } from './log-order';

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

/** How far a viewer sees: everything, own actions and accesses to own patients, or own actions. */
export type LogReach = 'all' | 'ownPatients' | 'own';

export interface Viewer {
  id: string | null;
  reach: LogReach;
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

/** Entries that name a patient. OFFSET 0: asked of each entry by itself, or PostgreSQL would fetch all the patient's places first. */
export function naming(patientId: string): Condition {
  const sql = (patient: string) =>
    `EXISTS (SELECT 1 FROM audit_entry_patient n WHERE n.patient_id = ${patient} AND n.index = e.index OFFSET 0)`;
  return { sql, value: patientId };
}

/** What of a patient's entries this viewer may see. */
export function seenOfPatient(viewer: Viewer): Condition[] {
  if (viewer.reach === 'all') return [];
  if (viewer.reach === 'own') return [ownActions(viewer)];
  const sql = (self: string) => `(${elements.ACTOR.sql} = ${self} OR EXISTS (SELECT 1
    FROM audit_entry_patient o JOIN care_team_now m USING (patient_id) WHERE o.index = e.index AND m.user_id = ${self}))`;
  return [{ sql, value: viewer.id }];
}

/** Somebody's own entries and those of patients whose care team they are on. `+ 0`: not sorted by walking the primary key. */
export const SEEN_BY = (self: string): string =>
  `(SELECT e.index + 0 AS index FROM audit_entry e WHERE ${elements.ACTOR.sql} = ${self}
    UNION SELECT p.index FROM audit_entry_patient p JOIN care_team_now m USING (patient_id) WHERE m.user_id = ${self})`;
