interface AuditedInfo {
  /** How the ledger calls these rows. */
  type: string;
  patient: (entity: never) => string | null;
}

const audited = new Map<object, AuditedInfo>();

/**
 * Class decorator: every insert, update and removal of this entity gets a ledger entry. The table's migration calls
 * `audit_watch` with the same type, so that the database insists on it too.
 */
export function Audited<E>(options: { type: string; patient: (entity: E) => string | null }): ClassDecorator {
  return (target) =>
    void audited.set(target, { type: options.type, patient: options.patient as AuditedInfo['patient'] });
}

/** How an entity class is audited, or null when it is not. */
export function auditedInfo(entity: object): AuditedInfo | null {
  return audited.get(entity) ?? null;
}

const named = new WeakMap<object, string>();

/** Gives the next written change of this row a word of its own in the log, such as `erase`, instead of `update`. */
export function nameChange(row: object, action: string): void {
  named.set(row, action);
}

/** The word given to the change of this row, if one was. It is good for one change. */
export function takeChangeName(row: object): string | undefined {
  const action = named.get(row);
  named.delete(row);
  return action;
}

/** All audited entity classes with the type they go by. */
export function auditedEntities(): { entity: object; type: string }[] {
  return [...audited].map(([entity, { type }]) => ({ entity, type }));
}
