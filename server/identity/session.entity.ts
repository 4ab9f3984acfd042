import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { text } from '../crypto/codec';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';

/** Why a session ended. REUSED: an old refresh token came back, so somebody else may hold a copy. */
export type EndReason = 'SIGNED_OUT' | 'ENDED' | 'REUSED' | 'PASSWORD' | 'ROLE' | 'FACTOR' | 'RESET' | 'DEACTIVATED';

/** One sign-in and the family of refresh tokens that followed from it. */
@Entity('session')
@SealedRow<Session>('session', { id: SYSTEM_OWNER })
@ObjectType({ description: 'One sign-in, on one device.' })
export class Session {
  @Field(() => ID, { description: 'Names the session when ending it.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** SHA-256 of the newest refresh token's secret; older ones end the session. */
  @Column({ name: 'refresh_hash', type: 'bytea' })
  refreshHash!: Buffer;

  /** How often the refresh token was exchanged. */
  @Column({ type: 'integer' })
  generation!: number;

  @Field(() => String, { nullable: true, description: 'What the browser or program called itself.' })
  @SealedColumn(text, { group: 'device', meaning: 'Device of a sign-in', nullable: true })
  device!: string | null;

  @Field(() => DateTime, { description: 'When it was signed in.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Last request, to the minute.' })
  @Column({ name: 'last_used_at', type: 'timestamptz' })
  lastUsedAt!: Date;

  @Field(() => DateTime, { description: 'When it ends at the latest, however busy.' })
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_reason', type: 'text', nullable: true })
  endReason!: EndReason | null;
}
