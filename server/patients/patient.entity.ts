import { Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { Node } from '../graphql/node';
import { DateTime, LocalDate } from '../graphql/scalars';
import {
  Address,
  Allergy,
  EmergencyContact,
  Gender,
  HumanName,
  Identifier,
  Medication,
  Problem,
} from './patient.values';

/** A person in the hospital's care. Everything that says something about the person is sealed under the person's own key. */
@Entity('patient')
@SealedRow<Patient>('patient', { property: 'id' })
@Audited<Patient>({ type: 'patient', patient: (patient) => patient.id })
@ObjectType({ implements: Node, description: 'A person in the hospital’s care.' })
export class Patient extends Node {
  @PrimaryColumn('uuid')
  override id!: string;

  @Field(() => String, { description: 'Medical record number, unique in the hospital.' })
  @SealedColumn(text, { group: 'mrn', meaning: 'Medical record number' })
  mrn!: string;

  @Column({ name: 'mrn_token', type: 'bytea' })
  mrnToken!: Buffer;

  @Field(() => HumanName, { description: 'Legal name.' })
  @SealedColumn(json<HumanName>(), { group: 'name', meaning: 'Name' })
  name!: HumanName;

  @Field(() => LocalDate, { nullable: true, description: 'Date of birth; null when unknown.' })
  @SealedColumn(text, { group: 'birthDate', meaning: 'Date of birth', nullable: true })
  birthDate!: string | null;

  @Field(() => Gender, { description: 'Administrative gender.' })
  @SealedColumn(text, { group: 'gender', meaning: 'Gender' })
  gender!: Gender;

  @Field(() => String, { nullable: true, description: 'Phone number as given.' })
  @SealedColumn(text, { group: 'phone', meaning: 'Phone number', nullable: true })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @SealedColumn(text, { group: 'email', meaning: 'E-mail address', nullable: true })
  email!: string | null;

  @Field(() => Address, { nullable: true, description: 'Home address.' })
  @SealedColumn(json<Address>(), { group: 'address', meaning: 'Address', nullable: true })
  address!: Address | null;

  @Field(() => EmergencyContact, { nullable: true, description: 'Whom to call.' })
  @SealedColumn(json<EmergencyContact>(), { group: 'emergencyContact', meaning: 'Emergency contact', nullable: true })
  emergencyContact!: EmergencyContact | null;

  @SealedColumn(json<Identifier[]>(), { group: 'identifiers', meaning: 'Identifiers', nullable: true })
  identifiers!: Identifier[] | null;

  @SealedColumn(json<Allergy[]>(), { group: 'allergies', meaning: 'Allergies', nullable: true })
  allergies!: Allergy[] | null;

  @SealedColumn(json<Problem[]>(), { group: 'problems', meaning: 'Problem list', nullable: true })
  problems!: Problem[] | null;

  @SealedColumn(json<Medication[]>(), { group: 'medications', meaning: 'Medications', nullable: true })
  medications!: Medication[] | null;

  @Field(() => String, { nullable: true, description: 'Main diagnosis.' })
  @SealedColumn(text, { group: 'diagnosis', meaning: 'Diagnosis', nullable: true })
  diagnosis!: string | null;

  @Field(() => String, { nullable: true, description: 'History before this hospital.' })
  @SealedColumn(text, { group: 'medicalHistory', meaning: 'Medical history', nullable: true })
  medicalHistory!: string | null;

  /** RFC 3339 text. */
  @SealedColumn(text, { group: 'deceasedAt', column: 'deceased_at', meaning: 'Time of death', nullable: true })
  deceased!: string | null;

  @SealedColumn(text, { group: 'deleteReason', meaning: 'Reason of deletion', nullable: true })
  deleteReason!: string | null;

  @SealedColumn(text, { group: 'confidential', meaning: 'Reason of being confidential', nullable: true })
  confidentialReason!: string | null;

  @Field(() => Boolean, { description: 'Unknown to everybody outside the care team but administrators.' })
  @Column({ type: 'boolean' })
  confidential!: boolean;

  @Field(() => Int, { description: 'Grows with each change; edits name the version they saw.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When the patient was registered.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When the record was last changed.' })
  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the patient was deleted; null for all others.' })
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt!: Date | null;
}
