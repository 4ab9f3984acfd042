import type { KeyringStateQuery } from '../../gql/graphql';

export type KeyringPart = KeyringStateQuery['keyring'];
export type Job = NonNullable<KeyringPart['job']>;
