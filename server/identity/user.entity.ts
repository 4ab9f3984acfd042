import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { Address } from '../graphql/address';
import type { Role } from '../graphql/context';
import { Node } from '../graphql/node';
import { RoleEnum } from '../graphql/role';
import { DateTime } from '../graphql/scalars';

/** An account of a member of staff. Name and e-mail are sealed under the hospital's own key. */
@Entity('app_user')
@SealedRow<User>('app_user', { id: SYSTEM_OWNER })
@Audited<User>({ type: 'user', patient: () => null })
@ObjectType({ implements: Node, description: 'An account of a member of staff, as administrators see it.' })
export class User extends Node {
  @PrimaryColumn('uuid')
  override id!: string;

  @Field(() => String, { description: 'Address to sign in with.' })
  @SealedColumn(text, { group: 'email', meaning: 'Staff e-mail address' })
  email!: string;

  /** Keyed token of the normalised address: finds and keeps unique without opening. */
  @Column({ name: 'email_token', type: 'bytea' })
  emailToken!: Buffer;

  @Field(() => String, { description: 'Name as shown to colleagues.' })
  @SealedColumn(text, { group: 'name', meaning: 'Staff name' })
  name!: string;

  @Field(() => Address, { nullable: true, description: 'Home address; compared with those of patients they look at.' })
  @SealedColumn(json<Address>(), { group: 'address', meaning: 'Staff home address', nullable: true })
  address!: Address | null;

  @Field(() => RoleEnum, { description: 'What the person is in the hospital.' })
  @Column({ type: 'text' })
  role!: Role;

  /** bcrypt over a keyed hash of the password; null until the set-up link was used. */
  @Column({ name: 'password_hash', type: 'text', nullable: true })
  passwordHash!: string | null;

  @Field(() => Boolean, { description: 'False once deactivated: no sign-in, all sessions ended.' })
  @Column({ type: 'boolean' })
  active!: boolean;

  @Field(() => Int, { description: 'Grows with each change; edits name the version they saw.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When the account was made.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;
}

/** A colleague's name beside what they wrote. Opens nothing but the name. */
@ObjectType({ description: 'Staff as shown beside what they wrote: no e-mail.' })
export class StaffMember {
  constructor(private readonly user: User) {}

  @Field(() => ID, { description: 'Account of this person.' })
  get id(): string {
    return this.user.id;
  }

  @Field(() => String, { description: 'Name as shown to colleagues.' })
  get name(): string {
    return this.user.name;
  }

  @Field(() => RoleEnum, { description: 'What the person is in the hospital.' })
  get role(): Role {
    return this.user.role;
  }
}
