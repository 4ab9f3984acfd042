import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { IsOptional, IsUUID } from 'class-validator';
import { connectionTypes } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';

export enum KeyJobKindEnum {
  ROTATE = 'ROTATE',
  RESEAL = 'RESEAL',
  REINDEX = 'REINDEX',
}
export enum KeyJobStateEnum {
  RUNNING = 'RUNNING',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
export enum SearchGenerationState {
  BUILDING = 'BUILDING',
  ACTIVE = 'ACTIVE',
  RETIRED = 'RETIRED',
}

registerEnumType(KeyJobKindEnum, { name: 'KeyJobKind', description: 'What a job on keys does.' });
registerEnumType(KeyJobStateEnum, { name: 'KeyJobState', description: 'How a job on keys stands.' });
registerEnumType(SearchGenerationState, { name: 'SearchGenerationState', description: 'How a search index stands.' });

@ObjectType({ description: 'One key-encryption key: wrapped by the root key, it wraps data keys.' })
export class KeyEpoch {
  @Field(() => Int, { description: 'Its number.' })
  epoch!: number;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Boolean, { description: 'New data keys are wrapped under it.' })
  current!: boolean;

  @Field(() => Int, { description: 'Data keys under it.' })
  dataKeys!: number;
}

@ObjectType({ description: 'What one sealed column held when it was last counted.' })
export class SealedColumnCount {
  @Field({ description: 'Table.' })
  table!: string;

  @Field({ description: 'Column.' })
  column!: string;

  @Field({ description: 'What the column means.' })
  meaning!: string;

  @Field(() => Int, { description: 'Sealed values.' })
  envelopes!: number;

  @Field(() => Int, { description: 'Sealed values that no key is left for, those of erased patients left out.' })
  withoutKey!: number;

  @Field(() => Int, { description: 'Sealed values under keys that were replaced.' })
  underRetiredKeys!: number;
}

@ObjectType({ description: 'Data keys in figures.' })
export class DataKeyCounts {
  @Field(() => Int, { description: 'Keys that new values are sealed under.' })
  inUse!: number;

  @Field(() => Int, { description: 'Keys that were replaced and will be destroyed.' })
  retired!: number;

  @Field(() => Int, { description: 'Keys that are due to be replaced, by age or by how much they have sealed.' })
  due!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the oldest key in use was made.' })
  oldest!: Date | null;
}

@ObjectType({ description: 'One data key. The key itself is never shown.' })
export class DataKey {
  @Field(() => ID, { description: 'Its id, as envelopes name it.' })
  id!: string;

  @Field(() => ID, { description: 'Patient whose values it seals, or the system.' })
  owner!: string;

  @Field({ description: 'What it is for: patient, staff or search.' })
  purpose!: string;

  @Field(() => Int, { description: 'Key epoch it is wrapped under.' })
  epoch!: number;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was replaced; null while it is in use.' })
  retiredAt!: Date | null;

  @Field(() => Boolean, { description: 'Due to be replaced.' })
  due!: boolean;

  @Field(() => Int, { description: 'Sealed values under it, counted now.' })
  envelopes!: number;
}

const { ConnectionType: DataKeyConnection } = connectionTypes(DataKey, 'DataKey', 'data keys');
export { DataKeyConnection };

@ObjectType({ description: 'One search index over all patients, under a key of its own.' })
export class SearchGeneration {
  @Field(() => Int, { description: 'Its number.' })
  version!: number;

  @Field(() => SearchGenerationState, { description: 'How it stands.' })
  state!: SearchGenerationState;

  @Field(() => DateTime, { description: 'When it was begun.' })
  createdAt!: Date;

  @Field(() => Int, { description: 'Patients in it when it was built.' })
  patients!: number;
}

@ObjectType({ description: 'Long work on keys: one at a time, going on after a crash.' })
export class KeyJob {
  @Field(() => ID, { description: 'Its id; the log’s entries of its steps name it.' })
  id!: string;

  @Field(() => KeyJobKindEnum, { description: 'What it does.' })
  kind!: KeyJobKindEnum;

  @Field(() => KeyJobStateEnum, { description: 'How it stands.' })
  state!: KeyJobStateEnum;

  @Field(() => Int, { description: 'Data keys, owners or patients done.' })
  done!: number;

  @Field(() => Int, { description: 'How many there are in all, as far as is known.' })
  total!: number;

  @Field(() => DateTime, { description: 'When it was begun.' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it runs.' })
  finishedAt!: Date | null;
}

@ObjectType('Keyring', { description: 'The keys that seal the records: what there is, never a key itself.' })
export class KeyringView {
  @Field({ description: 'What holds the root key: key file, secret or a token.' })
  custody!: string;
}

@ArgsType()
export class DataKeysArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the front, 1 to 100 (20 when nothing is said).' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'Start after this cursor.' })
  after?: string;

  @Field(() => Boolean, { nullable: true, description: 'True: only those due to be replaced; false: only the others.' })
  due?: boolean | null;
}

@InputType({ description: 'Whose records are sealed anew.' })
export class ResealInput {
  @Field(() => ID, { nullable: true, description: 'Only this patient; left out: everybody, and the staff.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'This is not an id.' })
  patientId?: string | null;
}
