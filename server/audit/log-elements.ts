import type { AuditOrderField } from './audit.inputs';
import type { Condition } from './log-conditions';

/** What entries are filtered and sorted by, in terms of SQL. */
export interface Element {
  sql: string;
  type: string;
  /** The value that most entries have. They are not in the element's index: the log itself is a list of hardly anything else. */
  usual?: string;
}

/** Written for an entry of no account, where accounts are compared: nulls cannot be, and no account has this id. */
export const NO_ACTOR = '00000000-0000-0000-0000-000000000000';

/** The expressions of the indexes of migrations 12 and 24, word for word, before `-index`: PostgreSQL finds an index by them. */
export const elements: Record<Exclude<AuditOrderField, 'INDEX'>, Element> = {
  AT: { sql: 'e.at', type: 'timestamptz' },
  ACTOR: { sql: `coalesce(e.actor_id, '${NO_ACTOR}')`, type: 'uuid' },
  ROLE: { sql: 'e.role', type: 'text' },
  ACTION: { sql: 'e.action', type: 'text' },
  OUTCOME: { sql: 'e.outcome', type: 'text', usual: 'ok' },
  OPERATION: { sql: 'e.operation', type: 'text' },
  TARGET_TYPE: { sql: "coalesce(e.target_type, '')", type: 'text', usual: '' },
  PURPOSE: { sql: 'e.purpose', type: 'text', usual: 'treatment' },
  IP: { sql: 'e.ip', type: 'text' },
  REQUEST: { sql: "coalesce(e.request_id, '')", type: 'text' },
};

/** Entries that have this value of an element. */
export function having(element: Element, value: unknown): Condition {
  const { sql, type, usual } = element;
  const listed = usual === undefined || value !== usual;
  return { sql: (place) => `${sql} = ${place}::${type}${listed ? inIndex(element) : ''}`, value, listed };
}

/** Without it PostgreSQL does not know that an index without the usual value has all that is asked for. */
export function inIndex({ sql, usual }: Element): string {
  return usual === undefined ? '' : ` AND ${sql} <> '${usual}'`;
}
