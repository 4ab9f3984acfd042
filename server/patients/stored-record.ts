import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Foundation } from '../access/foundation';
import { dissect } from '../crypto/envelope';
import { sealedEntityOf } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { notFound } from '../graphql/errors';
import { canReturn } from './merged';

@ObjectType({ description: 'One sealed cell as it lies in the database: bytes beside their meaning, never plaintext.' })
export class StoredField {
  @Field({ description: 'Table of the cell.' })
  table!: string;

  @Field(() => ID, { description: 'Row of the cell.' })
  rowId!: string;

  @Field({ description: 'Column of the cell.' })
  column!: string;

  @Field({ description: 'What the column means.' })
  meaning!: string;

  @Field({ description: 'Cipher suite of the envelope.' })
  suite!: string;

  @Field({ description: 'Data key that opens it, decimal.' })
  keyId!: string;

  @Field({ description: 'Nonce, hex.' })
  nonce!: string;

  @Field({ description: 'Ciphertext, hex.' })
  ciphertext!: string;

  @Field({ description: 'Authentication tag, hex.' })
  tag!: string;

  @Field(() => Int, { description: 'Length of the whole envelope in bytes.' })
  bytes!: number;
}

/** Tables whose sealed rows belong to a patient, and the column that says so. */
const patientTables = [
  { table: 'patient', patient: 'id' },
  { table: 'visit', patient: 'patient_id' },
  { table: 'visit_amendment', patient: 'patient_id' },
  { table: 'treatment_update', patient: 'patient_id' },
  { table: 'care_team_member', patient: 'patient_id' },
  { table: 'break_glass_grant', patient: 'patient_id' },
  { table: 'patient_merge', patient: 'kept_id' },
];

/** Shows the envelopes of a patient exactly as stored. Nothing is opened; the ledger records the look all the same. */
export class StoredRecord {
  constructor(private readonly base: Foundation) {}

  async of(context: RequestContext, patientId: string): Promise<StoredField[]> {
    this.base.policy.demand(context.actor, 'RECORD_AS_STORED');
    // the envelopes of an erased patient still lie there, but nobody is to see whose they were; a merged record is hidden
    const sql = `SELECT 1 FROM patient p WHERE p.id = $1 AND ${canReturn('p.id')}`;
    if ((await this.base.dataSource.query<unknown[]>(sql, [patientId])).length === 0) throw notFound('patient');
    const fields: StoredField[] = [];
    for (const { table, patient } of patientTables) {
      const rows = await this.base.dataSource.query<Record<string, unknown>[]>(
        `SELECT * FROM ${table} WHERE ${patient} = $1 ORDER BY id`,
        [patientId],
      );
      for (const row of rows) fields.push(...cellsOf(table, row));
    }
    await this.base.audit.record({
      action: 'read-stored',
      target: { type: 'patient', id: patientId },
      patients: [patientId],
    });
    return fields;
  }
}

function cellsOf(table: string, row: Record<string, unknown>): StoredField[] {
  return sealedEntityOf(table).columns.flatMap(({ column, meaning }) => {
    const bytes = row[column];
    if (!Buffer.isBuffer(bytes)) return [];
    const { suite, keyId, nonce, ciphertext, tag } = dissect(bytes);
    return {
      table,
      rowId: String(row.id),
      column,
      meaning,
      suite,
      keyId: keyId.toString(),
      nonce: nonce.toString('hex'),
      ciphertext: ciphertext.toString('hex'),
      tag: tag.toString('hex'),
      bytes: bytes.length,
    };
  });
}
