import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { permissions, permissionsOf, type Permission } from '../access/permissions';
import { privately } from '../database/sealed-column';
import type { Role } from '../graphql/context';
import { connectionTypes } from '../graphql/pagination';
import { RoleEnum } from '../graphql/role';
import { DateTime } from '../graphql/scalars';
import type { SignedIn } from './session.service';
import { User } from './user.entity';

const PermissionEnum = Object.fromEntries(permissions.map((name) => [name, name])) as { readonly [P in Permission]: P };

registerEnumType(PermissionEnum, {
  name: 'Permission',
  description: 'Something a role may be allowed to do; docs/permissions.md says which role and how far.',
});

export const { EdgeType: UserEdge, ConnectionType: UserConnection } = connectionTypes(User, 'User', 'users');

/** The signed-in person. Showing people their own address discloses nothing, so the ledger does not list it. */
@ObjectType({ description: 'Whoever is signed in.' })
export class Me {
  /** @param enrolling the role wants a second factor that is not there yet */
  constructor(
    private readonly user: User,
    private readonly enrolling: boolean,
  ) {}

  @Field(() => ID, { description: 'Own account.' })
  get id(): string {
    return this.user.id;
  }

  @Field(() => String, { description: 'Address to sign in with.' })
  get email(): string {
    return privately(() => this.user.email);
  }

  @Field(() => String, { description: 'Name as shown to colleagues.' })
  get name(): string {
    return privately(() => this.user.name);
  }

  @Field(() => RoleEnum, { description: 'Own role.' })
  get role(): Role {
    return this.user.role;
  }

  @Field(() => [PermissionEnum], { description: 'What the role may do, at least for some patients.' })
  get permissions(): Permission[] {
    return this.enrolling ? [] : permissionsOf(this.user.role);
  }

  @Field(() => Boolean, {
    description: 'The role wants a second factor that is not set up yet: until then nothing else is allowed.',
  })
  get mustEnrol(): boolean {
    return this.enrolling;
  }
}

@ObjectType({
  description:
    'A begun session. The access token goes into the Authorization header as a Bearer token; the refresh token travels only in the HttpOnly cookie.',
})
export class SignInPayload {
  @Field(() => String, { description: 'JWT (RFC 7519) for the Authorization header. Keep it in memory only.' })
  accessToken!: string;

  @Field(() => DateTime, { description: 'When the access token expires.' })
  expiresAt!: Date;

  @Field(() => Me, { description: 'Who has signed in.' })
  me!: Me;

  static of({ token, expiresAt, user, mustEnrol }: SignedIn): SignInPayload {
    return { accessToken: token, expiresAt, me: new Me(user, mustEnrol) };
  }
}

@ObjectType({ description: 'One-time link for a new account or a password reset; shown once.' })
export class UserInvitePayload {
  @Field(() => User, { description: 'Whose account it opens.' })
  user!: User;

  @Field(() => String, { description: 'The link to hand over. It cannot be shown again.' })
  setupUrl!: string;

  @Field(() => DateTime, { description: 'When the link stops working.' })
  expiresAt!: Date;
}
