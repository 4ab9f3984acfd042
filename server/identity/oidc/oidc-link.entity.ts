import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../../audit';
import { json } from '../../crypto/codec';
import { SYSTEM_OWNER } from '../../crypto/keyring';
import { SealedColumn, SealedRow } from '../../database/sealed-column';

/** What is sealed: whose it is stands with it, so that a row given to another account behind the application fails. */
export interface SealedLink {
  userId: string;
  issuer: string;
  /** Who it is at the provider: the claim `sub`, which never changes. */
  subject: string;
}

/** That an account is somebody's at the hospital's own sign-in service. */
@Entity('oidc_link')
@SealedRow<OidcLink>('oidc_link', { id: SYSTEM_OWNER })
@Audited<OidcLink>({ type: 'oidcLink', patient: () => null })
export class OidcLink {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** Keyed hash of issuer and subject: finds the link without telling them. */
  @Column({ name: 'subject_hash', type: 'bytea' })
  subjectHash!: Buffer;

  @SealedColumn(json<SealedLink>(), { group: 'oidc', meaning: 'Identity at the sign-in service' })
  link!: SealedLink;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
