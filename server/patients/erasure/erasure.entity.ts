import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { text } from '../../crypto/codec';
import { SYSTEM_OWNER } from '../../crypto/keyring';
import { SealedColumn, SealedRow } from '../../database/sealed-column';
import { DateTime } from '../../graphql/scalars';

/**
 * That a patient was erased. The reason is sealed under the system's key: sealed in the patient's record, where reasons
 * about patients belong, it would be as unreadable as the rest.
 */
@Entity('erasure')
@SealedRow<Erasure>('erasure', { id: SYSTEM_OWNER })
export class Erasure {
  /** The patient's id. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'erased_at', type: 'timestamptz' })
  erasedAt!: Date;

  @Column({ name: 'erased_by', type: 'uuid', nullable: true })
  erasedBy!: string | null;

  @SealedColumn(text, { group: 'eraseReason', meaning: 'Reason of an erasure' })
  reason!: string;

  /** The signed certificate, as it was handed out. */
  @Column({ type: 'text' })
  certificate!: string;

  /** False while it is known from a key store or a certificate file only, and the patient's rows are yet to be cleared. */
  @Column({ type: 'boolean' })
  applied!: boolean;
}

/** An erasure about to happen. The keys to seal the reason with must be held by then. */
export function newErasure(
  known: Partial<Erasure> & Pick<Erasure, 'id' | 'erasedAt' | 'erasedBy'>,
  reason: string,
): Erasure {
  const erasure = Object.assign(new Erasure(), known);
  erasure.reason = reason;
  return erasure;
}

@ObjectType({ description: 'The proof that a patient was erased. It holds nothing that was known of the patient.' })
export class ErasureCertificate {
  @Field(() => ID, { description: 'Who was erased.' })
  patientId!: string;

  @Field(() => DateTime, { description: 'When.' })
  erasedAt!: Date;

  @Field({
    description:
      'The signed certificate, canonical JSON (RFC 8785): keys destroyed, envelopes made unreadable, the log’s entry.',
  })
  json!: string;
}
