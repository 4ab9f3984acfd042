import { Field, ObjectType } from 'type-graphql';
import { connectionTypes } from '../graphql/pagination';
import { ApiClient } from './api-client.entity';

export const { ConnectionType: ApiClientConnection } = connectionTypes(ApiClient, 'ApiClient', 'API clients');

@ObjectType({ description: 'An API client and its new secret, which cannot be shown again.' })
export class ApiClientSecretPayload {
  @Field(() => ApiClient, { description: 'The client.' })
  client!: ApiClient;

  @Field(() => String, { nullable: true, description: 'Its new secret; null for one that signs with its own key.' })
  secret!: string | null;
}

@ObjectType({ description: 'A scope that an API client may be given.' })
export class ApiScope {
  @Field({ description: 'As it is written.' })
  name!: string;

  @Field({ description: 'What it allows.' })
  meaning!: string;

  @Field(() => [String], { description: 'Column groups by which it can be narrowed, after a colon.' })
  groups!: string[];
}
