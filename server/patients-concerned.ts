import type { DataSource } from 'typeorm';
import { knownTo } from './access/policy';
import type { PatientsConcerned } from './access/refusals';
import { currentContext } from './graphql/context';

const CONCERNED = `
  SELECT id FROM patient WHERE id = ANY($1::uuid[])
  UNION SELECT patient_id FROM visit WHERE id = ANY($1::uuid[])
  UNION SELECT patient_id FROM treatment_update WHERE id = ANY($1::uuid[])
  UNION SELECT patient_id FROM break_glass_grant WHERE id = ANY($1::uuid[])`;

/**
 * Whose data somebody was after who was refused, whatever they asked by. Patients of whom they may not know are left out:
 * everybody reads the log of their own acts, and a patient named there would be one there is.
 */
export function patientsConcerned(dataSource: DataSource): PatientsConcerned {
  return async (ids) => {
    const values: unknown[] = [ids];
    const known = knownTo(currentContext().actor, 'concerned.id', (value) => `$${values.push(value)}`);
    const sql = `SELECT concerned.id FROM (${CONCERNED}) AS concerned WHERE ${known}`;
    const rows = await dataSource.query<{ id: string }[]>(sql, values);
    return rows.map(({ id }) => id);
  };
}
