import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { privately, SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import type { Allowance } from './allowance';

/** Another system that may ask. */
@Entity('api_client')
@SealedRow<ApiClient>('api_client', { id: SYSTEM_OWNER })
@Audited<ApiClient>({ type: 'apiClient', patient: () => null })
@ObjectType({
  description: 'Another system that may ask (OAuth 2.0 client), in the role INTEGRATION and within its scopes.',
})
export class ApiClient {
  @Field(() => ID, { description: 'Its client_id.' })
  @PrimaryColumn('uuid')
  id!: string;

  @SealedColumn(text, { group: 'apiClient', column: 'name', meaning: 'Name of an API client' })
  label!: string;

  @SealedColumn(json<Allowance>(), { group: 'apiClient', meaning: 'What an API client may do' })
  allowance!: Allowance;

  @Field(() => DateTime, { description: 'When it was registered.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null while it may ask.' })
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ name: 'revoked_by', type: 'uuid', nullable: true })
  revokedBy!: string | null;

  @Field(() => String, { description: 'What people call it.' })
  get name(): string {
    return privately(() => this.label);
  }

  @Field(() => [String], { description: 'What it may do, such as `patient.read:name,birthDate`.' })
  get scopes(): string[] {
    return [...this.opened.scopes];
  }

  @Field(() => Int, {
    nullable: true,
    description: 'How many patients its list has; null when it may touch all who are not confidential.',
  })
  get listedPatients(): number | null {
    return this.opened.patients?.length ?? null;
  }

  @Field(() => Int, { description: 'Requests it may send in a minute.' })
  get requestsPerMinute(): number {
    return this.opened.requestsPerMinute;
  }

  @Field(() => Int, { description: 'Cost of the documents it may send in a minute, in the unit of `extensions.cost`.' })
  get costPerMinute(): number {
    return this.opened.costPerMinute;
  }

  @Field(() => Int, { description: 'Grows with each change; edits name the version they saw.' })
  get version(): number {
    return this.opened.edit?.version ?? 1;
  }

  /** It says nothing about a person, so the log does not list it as opened. */
  get opened(): Allowance {
    return privately(() => this.allowance);
  }
}
