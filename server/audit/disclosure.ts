import { SYSTEM_OWNER } from '../crypto/keyring';
import type { RequestContext } from '../graphql/context';
import type { AuditQueue } from './audit-queue';

/** Patients named in one entry: their ids must fit 64 KiB. An operation that discloses more writes several. */
const PATIENTS_PER_ENTRY = 1_000;

/** Column group of a patient who was found by searching: the terms, which are values, are not in the log. */
export const FOUND = 'search';

/**
 * Writes what an answer discloses: every patient of whom something was opened, and the column groups. Nothing opened, no
 * entry, but a search is recorded also when it shows nobody. Throws AUDIT_UNAVAILABLE.
 *
 * @param answered false when the answer has no data at all: then what was opened for it was shown to nobody
 */
export async function recordDisclosure(queue: AuditQueue, context: RequestContext, answered: boolean): Promise<void> {
  const patients: string[] = [];
  const groups = new Set<string>();
  for (const [owner, opened] of answered ? context.opened : []) {
    if (owner === SYSTEM_OWNER) continue;
    patients.push(owner);
    for (const group of opened) groups.add(group);
  }
  const drafts: Promise<void>[] = [];
  const fields = [...groups].sort();
  for (let from = 0; from < patients.length; from += PATIENTS_PER_ENTRY) {
    drafts.push(queue.record({ action: 'read', fields, patients: patients.slice(from, from + PATIENTS_PER_ENTRY) }));
  }
  if (context.mustRecord && !groups.has(FOUND)) drafts.push(queue.record({ action: 'search' }));
  // Names of colleagues stand beside what they wrote; their addresses are an administrator's matter.
  if (answered && context.opened.get(SYSTEM_OWNER)?.has('email')) {
    drafts.push(queue.record({ action: 'read', target: { type: 'user', id: null }, fields: ['email'] }));
  }
  await Promise.all(drafts);
}
