import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { inputIs } from '../../graphql/arguments';
import type { RequestContext } from '../../graphql/context';
import { User } from '../user.entity';
import type { LinkedPasswords } from './linked-passwords';
import { RemovePasswordInput } from './oidc.inputs';

@Resolver()
export class OidcResolver {
  /** @param provider what people call the hospital's own sign-in service; null: there is none */
  constructor(
    private readonly provider: string | null,
    private readonly passwords: LinkedPasswords,
  ) {}

  @Query(() => String, {
    nullable: true,
    description:
      'Name of the hospital’s own sign-in service, reached at /oidc/start; null when people sign in here alone.',
  })
  signInProvider(): string | null {
    return this.provider;
  }

  @Mutation(() => User, {
    description:
      'Leaves an account only the hospital’s own sign-in service: its password here is worth nothing any more.',
  })
  removePassword(
    @Ctx() context: RequestContext,
    @Arg('input', () => RemovePasswordInput, inputIs) input: RemovePasswordInput,
  ) {
    return this.passwords.remove(context, input);
  }
}
