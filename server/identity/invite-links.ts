import type { RequestContext } from '../graphql/context';
import type { UserInvitePayload } from './identity.types';
import type { IssuedInvite } from './invites';
import { ownOrigin } from './same-origin';
import type { User } from './user.entity';

/** The address of a one-time link. The secret stands after #, so that it reaches no server log and no Referer. */
export function inviteUrl(baseUrl: string, { token }: IssuedInvite): string {
  return `${baseUrl.replace(/\/+$/, '')}/invite#${token}`;
}

/** Writes links for whoever asked for them. */
export class InviteLinks {
  /** @param publicUrl where browsers find us; null: the address the request was sent to */
  constructor(private readonly publicUrl: string | null) {}

  payload({ http }: RequestContext, { user, invite }: { user: User; invite: IssuedInvite }): UserInvitePayload {
    const baseUrl = this.publicUrl ?? (http ? ownOrigin(http.request, null) : '');
    return { user, setupUrl: inviteUrl(baseUrl, invite), expiresAt: invite.expiresAt };
  }
}
