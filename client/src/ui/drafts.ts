import { getSession } from '../session/session';

interface Draft {
  owner: string;
  values: unknown;
  base: unknown;
}

/** What a form began with: the values that were read, and of which version of the record; none where it begins something new. */
export interface Base<Values> {
  values: Values;
  version?: number | undefined;
}

// In memory only: a draft outlives a session that ran out, not the page.
const drafts = new Map<string, Draft>();

function me(): string {
  const session = getSession();
  return session.status === 'signedIn' ? session.me.id : '';
}

/** @param base goes with the draft: it is saved over that version, not over what somebody else has written since */
export function keepDraft<Values>(key: string, values: Values, base: Base<Values>): void {
  if (me()) drafts.set(key, { owner: me(), values, base });
}

export function dropDraft(key: string): void {
  drafts.delete(key);
}

/** What this person had written before the session ended; another person's draft is thrown away. */
export function findDraft<Values>(key: string): { values: Values; base: Base<Values> } | null {
  const draft = drafts.get(key);
  if (!draft) return null;
  if (draft.owner === me()) return { values: draft.values as Values, base: draft.base as Base<Values> };
  drafts.clear();
  return null;
}
