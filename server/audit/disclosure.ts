import { SYSTEM_OWNER } from '../crypto/keyring';
import type { RequestContext } from '../graphql/context';
import type { AuditQueue } from './audit-queue';
import type { EntryDraft } from './entry-draft';

/** Patients named in one entry: their ids must fit 64 KiB. An operation that discloses more writes several. */
const PATIENTS_PER_ENTRY = 1_000;

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
    ...readsOf(opened, (group) => !overseen.has(group)),
    ...readsOf(opened, (group) => overseen.has(group)).map((draft) => ({ ...draft, purpose: OVERSIGHT })),
  ];
  const drafts = reads.map((draft) => queue.record(draft));
  const found = opened.some(([, groups]) => groups.has(FOUND));
  if (context.mustRecord && !found) drafts.push(queue.record({ action: 'search' }));
  // Names of colleagues stand beside what they wrote; their addresses are an administrator's matter.
  const ofStaff = ['address', 'email'].filter((group) => answered && context.opened.get(SYSTEM_OWNER)?.has(group));
  if (ofStaff.length > 0) {
    drafts.push(queue.record({ action: 'read', target: { type: 'user', id: null }, fields: ofStaff }));
  }
  await Promise.all(drafts);
}

/** Entries of what was opened of these groups: all patients of whom any was, under all groups that were. */
function readsOf(opened: [string, Set<string>][], asked: (group: string) => boolean): EntryDraft[] {
  const concerned = opened
    .map(([patient, groups]) => ({ patient, groups: [...groups].filter(asked) }))
    .filter(({ groups }) => groups.length > 0);
  const fields = [...new Set(concerned.flatMap(({ groups }) => groups))].sort();
  const drafts: EntryDraft[] = [];
  for (let from = 0; from < concerned.length; from += PATIENTS_PER_ENTRY) {
    const patients = concerned.slice(from, from + PATIENTS_PER_ENTRY).map(({ patient }) => patient);
    drafts.push({ action: 'read', fields, patients });
  }
  return drafts;
}
