import { SYSTEM_OWNER } from '../crypto/keyring';
import type { RequestContext } from '../graphql/context';
import type { AuditQueue } from './audit-queue';

/** Patients named in one entry: their ids must fit 64 KiB. An operation that discloses more writes several. */
const PATIENTS_PER_ENTRY = 1_000;

/**
 * Writes what a request has disclosed: every patient of whom something was opened, and the column groups. Nothing opened,
 * no entry, unless the operation is recorded all the same (a search without a hit). Throws AUDIT_UNAVAILABLE.
 */
export async function recordDisclosure(queue: AuditQueue, context: RequestContext): Promise<void> {
  const patients: string[] = [];
  const groups = new Set<string>();
  for (const [owner, opened] of context.opened) {
    if (owner === SYSTEM_OWNER) continue;
    patients.push(owner);
    for (const group of opened) groups.add(group);
  }
  const drafts: Promise<void>[] = [];
  const fields = [...groups].sort();
  for (let from = 0; from < patients.length; from += PATIENTS_PER_ENTRY) {
    drafts.push(queue.record({ action: 'read', fields, patients: patients.slice(from, from + PATIENTS_PER_ENTRY) }));
  }
  if (patients.length === 0 && context.mustRecord) drafts.push(queue.record({ action: 'search' }));
  // Names of colleagues stand beside what they wrote; their addresses are an administrator's matter.
  if (context.opened.get(SYSTEM_OWNER)?.has('email')) {
    drafts.push(queue.record({ action: 'read', target: { type: 'user', id: null }, fields: ['email'] }));
  }
  await Promise.all(drafts);
}
