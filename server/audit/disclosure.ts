import { SYSTEM_OWNER } from '../crypto/keyring';
import type { RequestContext } from '../graphql/context';
import type { AuditQueue } from './audit-queue';

/** Column group of a patient who was found by searching: the terms, which are values, are not in the log. */
export const FOUND = 'search';

/** Purpose under which reviewers see what they look through; asking for it changes nothing of what else is read. */
const OVERSIGHT = 'oversight';

/**
 * Writes what an answer discloses: every patient of whom something was opened, and the column groups. Nothing opened, no
 * entry, but a search is recorded also when it shows nobody. Throws AUDIT_UNAVAILABLE.
 *
 * @param answered false when the answer has no data at all: then what was opened for it was shown to nobody
 */
export async function recordDisclosure(queue: AuditQueue, context: RequestContext, answered: boolean): Promise<void> {
  const opened = answered ? [...context.opened].filter(([owner]) => owner !== SYSTEM_OWNER) : [];
  const { overseen } = context;
  const reads = [
    readOf(opened, (group) => !overseen.has(group)),
    { ...readOf(opened, (group) => overseen.has(group)), purpose: OVERSIGHT },
  ];
  const drafts = reads.filter(({ patients }) => patients.length > 0).map((draft) => queue.record(draft));
  const found = opened.some(([, groups]) => groups.has(FOUND));
  if (context.mustRecord && !found) drafts.push(queue.record({ action: 'search' }));
  // Names of colleagues stand beside what they wrote; their addresses are an administrator's matter.
  const ofStaff = ['address', 'email'].filter((group) => answered && context.opened.get(SYSTEM_OWNER)?.has(group));
  if (ofStaff.length > 0) {
    drafts.push(queue.record({ action: 'read', target: { type: 'user', id: null }, fields: ofStaff }));
  }
  await Promise.all(drafts);
}

/** What was opened of these groups: all patients of whom any was, under all groups that were. */
function readOf(opened: [string, Set<string>][], asked: (group: string) => boolean) {
  const concerned = opened
    .map(([patient, groups]) => ({ patient, groups: [...groups].filter(asked) }))
    .filter(({ groups }) => groups.length > 0);
  const fields = [...new Set(concerned.flatMap(({ groups }) => groups))].sort();
  return { action: 'read', fields, patients: concerned.map(({ patient }) => patient) };
}
