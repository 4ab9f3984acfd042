import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { AcceptInviteInput, ChangePasswordInput, EndSessionInput, SignInInput } from './identity.inputs';
import { Me, SignInPayload } from './identity.types';
import { Session } from './session.entity';
import { SessionRepository } from './session.repository';
import { SessionService } from './session.service';
import { SignInService } from './sign-in.service';
import { UserRepository } from './user.repository';

@Resolver(() => Me)
export class SignInResolver {
  constructor(
    private readonly users: UserRepository,
    private readonly signIns: SignInService,
    private readonly service: SessionService,
    private readonly repository: SessionRepository,
  ) {}

  @Query(() => Me, { nullable: true, description: 'Whoever is signed in; null for nobody.' })
  async me(@Ctx() { actor }: RequestContext): Promise<Me | null> {
    return actor.kind === 'user' && actor.id ? new Me(await this.users.get(actor.id), actor.mustEnrol ?? false) : null;
  }

  @Mutation(() => SignInPayload, { complexity: 1000, description: 'Begins a session; sets the refresh cookie.' })
  async signIn(@Ctx() context: RequestContext, @Arg('input', () => SignInInput, inputIs) input: SignInInput) {
    return SignInPayload.of(await this.signIns.signIn(context, input));
  }

  @Mutation(() => SignInPayload, {
    description: 'Exchanges the refresh cookie for a new one; needs a matching Origin. An old cookie ends the session.',
  })
  async refreshSession(@Ctx() context: RequestContext) {
    return SignInPayload.of(await this.service.refresh(context));
  }

  @Mutation(() => Boolean, { description: 'Ends the session and clears the cookie; false when there was none.' })
  signOut(@Ctx() context: RequestContext): Promise<boolean> {
    return this.service.signOut(context);
  }

  @Mutation(() => SignInPayload, {
    complexity: 1000,
    description: 'Sets a password by one-time link and begins a session.',
  })
  async acceptInvite(
    @Ctx() context: RequestContext,
    @Arg('input', () => AcceptInviteInput, inputIs) input: AcceptInviteInput,
  ) {
    return SignInPayload.of(await this.signIns.acceptInvite(context, input));
  }

  @Mutation(() => Boolean, { complexity: 1000, description: 'Changes one’s own password; one’s other sessions end.' })
  changePassword(
    @Ctx() context: RequestContext,
    @Arg('input', () => ChangePasswordInput, inputIs) input: ChangePasswordInput,
  ) {
    return this.signIns.changePassword(context, input);
  }

  @Mutation(() => Boolean, { description: 'Ends one of one’s own sessions; administrators may end anybody’s.' })
  endSession(@Ctx() context: RequestContext, @Arg('input', () => EndSessionInput, inputIs) input: EndSessionInput) {
    return this.service.endOne(context, input.id);
  }

  @Mutation(() => Boolean, { description: 'Ends all one’s other sessions.' })
  endOtherSessions(@Ctx() context: RequestContext) {
    return this.service.endOthers(context);
  }

  @FieldResolver(() => [Session], { description: 'Where one is signed in, newest first.' })
  sessions(@Root() me: Me): Promise<Session[]> {
    return this.repository.standing(me.id);
  }
}

@Resolver(() => Session)
export class SessionResolver {
  @FieldResolver(() => Boolean, { description: 'True for the session this request belongs to.' })
  current(@Ctx() { actor }: RequestContext, @Root() session: Session): boolean {
    return session.id === actor.sessionId;
  }
}
