import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext, Role } from '../graphql/context';
import { RoleEnum } from '../graphql/role';
import { DateTime } from '../graphql/scalars';
import {
  CreateUserInput,
  DeactivateUserInput,
  ReactivateUserInput,
  ResetPasswordInput,
  UpdateUserInput,
  UsersArgs,
} from './identity.inputs';
import { UserConnection, UserInvitePayload } from './identity.types';
import { InviteLinks } from './invite-links';
import { StaffDirectory } from './staff-directory';
import { StaffMember, User } from './user.entity';
import { UserRepository } from './user.repository';
import { UserService } from './user.service';

@Resolver(() => User)
export class UserResolver {
  constructor(
    private readonly repository: UserRepository,
    private readonly service: UserService,
    private readonly directory: StaffDirectory,
    private readonly links: InviteLinks,
  ) {}

  @Query(() => UserConnection, { description: 'Accounts, oldest first.' })
  users(@Args(() => UsersArgs) args: UsersArgs) {
    return this.repository.list(args);
  }

  @Query(() => [StaffMember], { description: 'Active staff for pickers (attending, care team).' })
  staff(@Arg('role', () => RoleEnum, { nullable: true, description: 'Only this role.' }) role: Role | null) {
    return this.directory.active(role ?? null);
  }

  @Mutation(() => UserInvitePayload, { description: 'Makes an account and the one-time link to set its password.' })
  async createUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateUserInput, inputIs) input: CreateUserInput,
  ) {
    return this.links.payload(context, await this.service.create(context, input));
  }

  @Mutation(() => User, { description: 'Changes name or role.' })
  updateUser(@Ctx() context: RequestContext, @Arg('input', () => UpdateUserInput, inputIs) input: UpdateUserInput) {
    return this.service.update(context, input);
  }

  @Mutation(() => User, { description: 'Closes an account; its sessions end at once.' })
  deactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeactivateUserInput, inputIs) input: DeactivateUserInput,
  ) {
    return this.service.deactivate(context, input);
  }

  @Mutation(() => User, { description: 'Opens a closed account again, as it was.' })
  reactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReactivateUserInput, inputIs) input: ReactivateUserInput,
  ) {
    return this.service.reactivate(context, input);
  }

  @Mutation(() => UserInvitePayload, { description: 'Makes a password useless and issues a link to set another.' })
  async resetPassword(
    @Ctx() context: RequestContext,
    @Arg('input', () => ResetPasswordInput, inputIs) input: ResetPasswordInput,
  ) {
    return this.links.payload(context, await this.service.resetPassword(context, input));
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When the person last signed in; null for never.' })
  lastSignInAt(@Ctx() context: RequestContext, @Root() user: User): Promise<Date | null> {
    return this.directory.lastSignInAt(context, user.id);
  }
}
