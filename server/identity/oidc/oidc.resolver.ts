import { Query, Resolver } from 'type-graphql';

@Resolver()
export class OidcResolver {
  /** @param provider what people call the hospital's own sign-in service; null: there is none */
  constructor(private readonly provider: string | null) {}

  @Query(() => String, {
    nullable: true,
    description:
      'Name of the hospital’s own sign-in service, reached at /oidc/start; null when people sign in here alone.',
  })
  signInProvider(): string | null {
    return this.provider;
  }
}
