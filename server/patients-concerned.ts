import type { DataSource } from 'typeorm';
import type { PatientsConcerned } from './access/refusals';

const CONCERNED = `
  SELECT id FROM patient WHERE id = ANY($1::uuid[])
  UNION SELECT patient_id FROM visit WHERE id = ANY($1::uuid[])
  UNION SELECT patient_id FROM treatment_update WHERE id = ANY($1::uuid[])`;

/** Whose data somebody was after who was refused, whatever they asked by. */
export function patientsConcerned(dataSource: DataSource): PatientsConcerned {
  return async (ids) => {
    const rows = await dataSource.query<{ id: string }[]>(CONCERNED, [ids]);
    return rows.map(({ id }) => id);
  };
}
