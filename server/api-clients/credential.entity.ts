import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json } from '../crypto/codec';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { privately, SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import type { PublicJwk } from './public-jwk';

export enum CredentialKind {
  SECRET = 'SECRET',
  PUBLIC_KEY = 'PUBLIC_KEY',
}

registerEnumType(CredentialKind, {
  name: 'ApiClientCredentialKind',
  description: 'How an API client proves itself.',
  valuesConfig: {
    SECRET: { description: 'By a secret both sides know (client_secret_basic, client_secret_post).' },
    PUBLIC_KEY: { description: 'By signing with a key only it has (private_key_jwt, RFC 7523).' },
  },
});

/** What is sealed: whose it is stands with it, so that a row given to another client behind the application proves nothing. */
export type StoredProof = { clientId: string; hash: string; hint: string } | { clientId: string; jwk: PublicJwk };

/** Something an API client proves itself by. Two may be good at a time, so that one can be replaced without a pause. */
@Entity('api_client_credential')
@SealedRow<ApiClientCredential>('api_client_credential', { id: SYSTEM_OWNER })
@Audited<ApiClientCredential>({ type: 'apiClientCredential', patient: () => null })
@ObjectType({
  description: 'A secret or public key of an API client. The secret itself is shown once, when it is made.',
})
export class ApiClientCredential {
  @Field(() => ID, { description: 'Names it when revoking it alone.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'client_id', type: 'uuid' })
  clientId!: string;

  @Field(() => CredentialKind, { description: 'How it proves.' })
  @Column({ type: 'text' })
  kind!: CredentialKind;

  @Field(() => String, {
    nullable: true,
    description: 'Last characters of the secret, to tell two apart; null for a key.',
  })
  get hint(): string | null {
    const proof = this.opened;
    return 'hint' in proof ? proof.hint : null;
  }

  @SealedColumn(json<StoredProof>(), { group: 'apiClient', meaning: 'Secret hash or public key of an API client' })
  proof!: StoredProof;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null while it is good.' })
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When an access token was last got by it; null for never.' })
  lastUsedAt!: Date | null;

  get opened(): StoredProof {
    return privately(() => this.proof);
  }
}
