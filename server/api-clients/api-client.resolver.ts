import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { scopeCatalogue } from '../access/client-scope';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { DateTime } from '../graphql/scalars';
import { ApiClient } from './api-client.entity';
import {
  ApiClientsArgs,
  CreateApiClientInput,
  RevokeApiClientInput,
  RotateApiClientSecretInput,
  UpdateApiClientInput,
} from './api-client.inputs';
import { ApiClientRepository } from './api-client.repository';
import { ApiClientService } from './api-client.service';
import { ApiClientConnection, ApiClientSecretPayload, ApiScope } from './api-client.types';
import { ApiClientCredential } from './credential.entity';

@Resolver(() => ApiClient)
export class ApiClientResolver {
  constructor(
    private readonly clients: ApiClientRepository,
    private readonly service: ApiClientService,
  ) {}

  @Query(() => ApiClientConnection, { description: 'Other systems that may ask, newest first, revoked ones too.' })
  apiClients(@Args(() => ApiClientsArgs) args: ApiClientsArgs) {
    return this.service.list(args);
  }

  @Query(() => [ApiScope], { description: 'Every scope that an API client may be given.' })
  apiScopes(): ApiScope[] {
    return Object.entries(scopeCatalogue).map(([name, { meaning, groups }]) => ({
      name,
      meaning,
      groups: [...groups],
    }));
  }

  @Mutation(() => ApiClientSecretPayload, { description: 'Registers another system; its secret is shown this once.' })
  createApiClient(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateApiClientInput, inputIs) input: CreateApiClientInput,
  ) {
    return this.service.create(context, input);
  }

  @Mutation(() => ApiClient, { description: 'Changes what an API client may do; counts from its next request on.' })
  updateApiClient(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateApiClientInput, inputIs) input: UpdateApiClientInput,
  ) {
    return this.service.update(context, input);
  }

  @Mutation(() => ApiClientSecretPayload, {
    description: 'Gives an API client a further secret or key; the one before stays good until it is revoked.',
  })
  rotateApiClientSecret(
    @Ctx() context: RequestContext,
    @Arg('input', () => RotateApiClientSecretInput, inputIs) input: RotateApiClientSecretInput,
  ) {
    return this.service.rotate(context, input);
  }

  @Mutation(() => ApiClient, { description: 'Makes an API client, or one of its secrets, worth nothing at once.' })
  revokeApiClient(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeApiClientInput, inputIs) input: RevokeApiClientInput,
  ) {
    return this.service.revoke(context, input);
  }

  @FieldResolver(() => [ApiClientCredential], {
    description: 'What it proves itself by, oldest first; revoked ones too.',
  })
  credentials(@Ctx() context: RequestContext, @Root() client: ApiClient): Promise<ApiClientCredential[]> {
    return this.credentialsOf(context, client);
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'When it last got an access token; null for never.' })
  async lastUsedAt(@Ctx() context: RequestContext, @Root() client: ApiClient): Promise<Date | null> {
    const uses = (await this.credentialsOf(context, client)).flatMap(({ lastUsedAt }) => lastUsedAt?.getTime() ?? []);
    return uses.length > 0 ? new Date(Math.max(...uses)) : null;
  }

  private credentialsOf(context: RequestContext, { id }: ApiClient): Promise<ApiClientCredential[]> {
    const batched = async (ids: readonly string[]) => {
      const credentials = await this.clients.credentialsOf(ids);
      return ids.map((client) => credentials.filter(({ clientId }) => clientId === client));
    };
    // batches but remembers nothing: a secret made or revoked in the same request must show
    return context.once(this, () => new DataLoader(batched, { cache: false })).load(id);
  }
}
