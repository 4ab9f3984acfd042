import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../../audit';
import { json } from '../../crypto/codec';
import { SYSTEM_OWNER } from '../../crypto/keyring';
import { SealedColumn, SealedRow } from '../../database/sealed-column';

/** What is sealed: whose it is stands with it, so that a row given to another account behind the application fails. */
export interface SealedSecret {
  userId: string;
  /** Base32 (RFC 4648), as authenticator apps take it. */
  secret: string;
}

/** Secret of an authenticator app: begun by enrolling, in force once a code of it was given. */
@Entity('totp_secret')
@SealedRow<TotpSecret>('totp_secret', { id: SYSTEM_OWNER })
@Audited<TotpSecret>({ type: 'totp', patient: () => null })
export class TotpSecret {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @SealedColumn(json<SealedSecret>(), { group: 'totp', meaning: 'Secret of an authenticator app' })
  secret!: SealedSecret;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt!: Date | null;
}
