import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../../audit';
import { json, text } from '../../crypto/codec';
import { SYSTEM_OWNER } from '../../crypto/keyring';
import { privately, SealedColumn, SealedRow } from '../../database/sealed-column';
import { DateTime } from '../../graphql/scalars';

/** What is sealed: whose it is stands with it, so that a row given to another account behind the application fails. */
export interface SealedCredential {
  userId: string;
  /** Credential id, base64url. */
  id: string;
  /** COSE public key, base64url. */
  publicKey: string;
}

/** A passkey (WebAuthn credential) of an account. */
@Entity('passkey')
@SealedRow<Passkey>('passkey', { id: SYSTEM_OWNER })
@Audited<Passkey>({ type: 'passkey', patient: () => null })
export class Passkey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** Keyed hash of the credential id: finds it without telling it. */
  @Column({ name: 'credential_hash', type: 'bytea' })
  credentialHash!: Buffer;

  @SealedColumn(json<SealedCredential>(), { group: 'passkey', meaning: 'Public key of a passkey' })
  credential!: SealedCredential;

  @SealedColumn(text, { group: 'passkey', meaning: 'Name given to a passkey' })
  name!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

/** A passkey as its owner sees it; one's own names disclose nothing, so the log does not list them. */
@ObjectType('Passkey', { description: 'A passkey of one’s own account.' })
export class PasskeyView {
  constructor(
    private readonly passkey: Passkey,
    private readonly usedAt: Date | null,
  ) {}

  @Field(() => ID, { description: 'Names the passkey when renaming or removing it.' })
  get id(): string {
    return this.passkey.id;
  }

  @Field(() => String, { description: 'Name given to it, such as the device it lives on.' })
  get name(): string {
    return privately(() => this.passkey.name);
  }

  @Field(() => DateTime, { description: 'When it was registered.' })
  get createdAt(): Date {
    return this.passkey.createdAt;
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was last used; null for never.' })
  get lastUsedAt(): Date | null {
    return this.usedAt;
  }
}
