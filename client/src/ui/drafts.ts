import { getSession } from '../session/session';

interface Draft {
  owner: string;
  values: unknown;
}

// In memory only: a draft outlives a session that ran out, not the page.
const drafts = new Map<string, Draft>();

function me(): string {
  const session = getSession();
  return session.status === 'signedIn' ? session.me.id : '';
}

export function keepDraft(key: string, values: unknown): void {
  if (me()) drafts.set(key, { owner: me(), values });
}

export function dropDraft(key: string): void {
  drafts.delete(key);
}

/** What this person had written before the session ended; another person's draft is thrown away. */
export function findDraft<Values>(key: string): Values | null {
  const draft = drafts.get(key);
  if (!draft) return null;
  if (draft.owner === me()) return draft.values as Values;
  drafts.clear();
  return null;
}
