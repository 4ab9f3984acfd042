import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { inputIs } from '../../graphql/arguments';
import type { RequestContext } from '../../graphql/context';
import { SignInPayload } from '../identity.types';
import type { UserRepository } from '../user.repository';
import { PasskeyView } from './passkey.entity';
import type { PasskeysService } from './passkeys.service';
import {
  PasskeySignInInput,
  RegisterPasskeyInput,
  RemovePasskeyInput,
  RenamePasskeyInput,
} from './second-factor.inputs';
import { RegisterPasskeyPayload } from './second-factor.types';
import type { SecondStepService } from './second-step.service';

/** Options and answers travel as the JSON that browsers speak (WebAuthn Level 3, 5.1): a schema of it would only repeat it. */
@Resolver()
export class PasskeysResolver {
  constructor(
    private readonly users: UserRepository,
    private readonly passkeys: PasskeysService,
    private readonly secondStep: SecondStepService,
  ) {}

  @Mutation(() => String, { description: 'What the browser needs to make a passkey, as JSON, after stepUp.' })
  async beginPasskey(@Ctx() context: RequestContext): Promise<string> {
    const user = await this.users.get(context.actor.id!);
    return JSON.stringify(await this.passkeys.beginRegistration(context, user));
  }

  @Mutation(() => RegisterPasskeyPayload, {
    description: 'Keeps a passkey the browser has made; one’s other sessions end.',
  })
  registerPasskey(
    @Ctx() context: RequestContext,
    @Arg('input', () => RegisterPasskeyInput, inputIs) input: RegisterPasskeyInput,
  ) {
    return this.passkeys.register(context, input);
  }

  @Mutation(() => PasskeyView, { description: 'Gives one of one’s passkeys another name.' })
  renamePasskey(
    @Ctx() context: RequestContext,
    @Arg('input', () => RenamePasskeyInput, inputIs) input: RenamePasskeyInput,
  ) {
    return this.passkeys.rename(context, input);
  }

  @Mutation(() => Boolean, { description: 'Removes one of one’s passkeys, after stepUp; one’s other sessions end.' })
  async removePasskey(
    @Ctx() context: RequestContext,
    @Arg('input', () => RemovePasskeyInput, inputIs) { id }: RemovePasskeyInput,
  ): Promise<true> {
    await this.passkeys.remove(context, id);
    return true;
  }

  @Mutation(() => String, {
    description: 'What the browser needs to sign in by a passkey, as JSON. Good for five minutes.',
  })
  async passkeySignIn(@Ctx() context: RequestContext): Promise<string> {
    return JSON.stringify(await this.passkeys.beginProof(context, 'passkey sign-in'));
  }

  @Mutation(() => SignInPayload, { description: 'Begins a session by a passkey alone; sets the refresh cookie.' })
  async signInWithPasskey(
    @Ctx() context: RequestContext,
    @Arg('input', () => PasskeySignInInput, inputIs) { response }: PasskeySignInInput,
  ) {
    return SignInPayload.of(await this.secondStep.signInByPasskey(context, response));
  }

  @Mutation(() => String, { description: 'What the browser needs to prove a passkey for stepUp, as JSON.' })
  async passkeyProof(@Ctx() context: RequestContext): Promise<string> {
    const user = await this.users.get(context.actor.id!);
    return JSON.stringify(await this.passkeys.beginProof(context, 'passkey step-up', user));
  }
}
