import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { systemContext } from '../graphql/context';
import { inviteUrl } from './invite-links';
import type { Invites } from './invites';

/** The part of the runtime that is needed here. */
interface Hospital {
  readonly base: Foundation;
  readonly identity: { readonly invites: Invites };
}

/** True when somebody can administer this hospital; until then the server offers a set-up link at each start. */
export async function hasAdmin({ base }: Hospital): Promise<boolean> {
  const sql = "SELECT 1 FROM app_user WHERE role = 'ADMIN' AND active AND password_hash IS NOT NULL LIMIT 1";
  return (await base.dataSource.query<unknown[]>(sql)).length > 0;
}

/**
 * A one-time link, good for 24 hours, that makes an administrator. Whoever may ask for it holds the keys: the server's own
 * start and the command line.
 *
 * @param baseUrl where browsers find the client
 */
export async function inviteFirstAdmin({ base, identity }: Hospital, baseUrl: string): Promise<string> {
  return runIn(systemContext('admin create'), async () => {
    const wanted = { userId: null, purpose: 'firstAdmin', by: null } as const;
    const invite = await base.dataSource.transaction((manager) => identity.invites.issue(manager, wanted));
    await base.audit.record({ action: 'invite-admin', target: { type: 'user', id: null } });
    return inviteUrl(baseUrl, invite);
  });
}
