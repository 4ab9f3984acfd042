import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { inputIs } from '../../graphql/arguments';
import type { RequestContext } from '../../graphql/context';
import { Me, SignInPayload } from '../identity.types';
import type { SignInService } from '../sign-in.service';
import { User } from '../user.entity';
import type { UserRepository } from '../user.repository';
import type { Factors } from './factors';
import type { PasskeysService } from './passkeys.service';
import { ConfirmTotpInput, EnrolTotpInput, ResetSecondFactorInput, VerifyTotpInput } from './second-factor.inputs';
import { RecoveryCodesPayload, SecondFactor, TotpEnrolment } from './second-factor.types';
import type { SecondStepService } from './second-step.service';
import type { TotpService } from './totp.service';

@Resolver(() => Me)
export class SecondFactorResolver {
  constructor(
    private readonly users: UserRepository,
    private readonly signIns: SignInService,
    private readonly secondStep: SecondStepService,
    private readonly factors: Factors,
    private readonly totp: TotpService,
    private readonly passkeys: PasskeysService,
  ) {}

  @Mutation(() => SignInPayload, {
    description: 'Completes a sign-in that answered MFA_REQUIRED, by a code or a recovery code.',
  })
  async verifyTotp(
    @Ctx() context: RequestContext,
    @Arg('input', () => VerifyTotpInput, inputIs) input: VerifyTotpInput,
  ) {
    return SignInPayload.of(await this.secondStep.verify(context, input));
  }

  @Mutation(() => TotpEnrolment, {
    complexity: 1000,
    description: 'Begins to set up an authenticator app; replaces one that is set up.',
  })
  async enrolTotp(@Ctx() context: RequestContext, @Arg('input', () => EnrolTotpInput, inputIs) input: EnrolTotpInput) {
    const user = await this.users.get(context.actor.id!);
    await this.signIns.proveAgain(context, user, { ...input, path: 'password', action: 'enrol-totp' });
    return this.totp.enrol(context, user);
  }

  @Mutation(() => RecoveryCodesPayload, {
    description: 'Turns the authenticator app on; one’s other sessions end, earlier recovery codes stop working.',
  })
  async confirmTotp(
    @Ctx() context: RequestContext,
    @Arg('input', () => ConfirmTotpInput, inputIs) { code }: ConfirmTotpInput,
  ) {
    return { recoveryCodes: await this.totp.confirm(context, code) };
  }

  @Mutation(() => Boolean, { description: 'Turns the authenticator app off, after stepUp; one’s other sessions end.' })
  async removeTotp(@Ctx() context: RequestContext): Promise<true> {
    await this.totp.remove(context);
    return true;
  }

  @Mutation(() => RecoveryCodesPayload, {
    description: 'Ten new recovery codes, after stepUp; earlier ones stop working.',
  })
  async renewRecoveryCodes(@Ctx() context: RequestContext) {
    return { recoveryCodes: await this.factors.renewCodes(context) };
  }

  @Mutation(() => User, {
    description: 'Takes away all second factors of somebody who has lost them, after stepUp; their sessions end.',
  })
  resetSecondFactor(
    @Ctx() context: RequestContext,
    @Arg('input', () => ResetSecondFactorInput, inputIs) { id }: ResetSecondFactorInput,
  ) {
    return this.factors.reset(context, id);
  }

  @FieldResolver(() => SecondFactor, { description: 'One’s own second factors.' })
  async secondFactor(@Root() me: Me): Promise<SecondFactor> {
    const [{ totp }, passkeys, recoveryCodesLeft] = await Promise.all([
      this.factors.of(me.id),
      this.passkeys.list(me.id),
      this.factors.recoveryCodesLeft(me.id),
    ]);
    return { totp, passkeys, recoveryCodesLeft, required: this.factors.isRequired(me.role) };
  }
}
