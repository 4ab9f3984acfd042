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

/** All audited entity classes with the type they go by. */
export function auditedEntities(): { entity: object; type: string }[] {
  return [...audited].map(([entity, { type }]) => ({ entity, type }));
}
