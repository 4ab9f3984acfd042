import { runIn } from '../../server/crypto/access-scope';
import { keyIdOf, openEnvelope } from '../../server/crypto/envelope';
import { sealedEntities } from '../../server/database/sealed-column';
import { systemContext } from '../../server/graphql/context';
import { verifyTokens, type TokenFinding } from '../../server/patients';
import type { Hospital, Patient } from './hospital';

type Row = Record<string, unknown> & { id: string };

/**
 * Every row of both records as it is stored, its sealed cells opened; what every change of a patient touches left out, and
 * findings, which a server makes of the log when it gets to it.
 */
export async function everyRowOf(hospital: Hospital, patients: readonly Patient[]): Promise<Record<string, unknown>> {
  const { keyring } = hospital.runtime.base;
  const found: Record<string, unknown> = {};
  for (const { table, owner: whose, columns } of sealedEntities()) {
    if ('id' in whose || ['patient_merge', 'snooping_finding'].includes(table)) continue;
    const rows = await hospital.sql<Row>(`SELECT * FROM ${table} WHERE ${whose.column} = ANY($1)`, [
      patients.map(({ id }) => id),
    ]);
    for (const { version, updated_at: at, updated_by: by, ...row } of rows) {
      const envelopes = columns.map(({ column }) => row[column] as Buffer | null);
      await runIn(systemContext('test'), async () => {
        await keyring.hold(envelopes);
        for (const { column } of columns) {
          const bytes = row[column] as Buffer | null;
          const binding = { table, column, row: row.id, owner: String(row[whose.column]) };
          if (bytes) row[column] = openEnvelope(bytes, keyring.keyFor(keyIdOf(bytes)), binding).toString('hex');
        }
      });
      found[`${table} ${row.id}`] = table === 'patient' ? row : { ...row, version, at, by };
    }
  }
  return found;
}

/** The rows but for these. */
export const without = (rows: Record<string, unknown>, ...keys: string[]) =>
  Object.fromEntries(Object.entries(rows).filter(([key]) => !keys.includes(key)));

/** The rows, the search tokens and the counters are what log and records say. */
export async function everythingFits({ runtime }: Hospital): Promise<void> {
  const { auditLog, base, services } = runtime;
  const deps = { base, patients: services.patientRepository, generations: services.patientIndex.generations };
  const findings: TokenFinding[] = [];
  const faults = await runIn(systemContext('test'), async () => {
    await verifyTokens(deps, { onFinding: (finding) => void findings.push(finding) });
    return services.demographics.recount(false);
  });
  expect({ findings, faults, rows: await auditLog.verifyRows() }).toEqual({ findings: [], faults: [], rows: [] });
}

/** How many pairs of a test file there are, for numbers of their own. */
let twice = 0;

/** The same person twice: Dr Adeyemi cares for the one, Dr Okonkwo for the other; both have visits and treatments. */
export async function twins(hospital: Hospital) {
  const number = (twice += 1);
  const allergy = (substance: string) => ({ substance, severity: 'SEVERE' });
  const keep = await hospital.patient({
    birthDate: '1951-04-02',
    phone: '+46 8 111 11 11',
    allergies: [allergy('Penicillin')],
    identifiers: [{ system: 'urn:lab', value: `KEEP-${number}` }],
  });
  const double = await hospital.patient(
    {
      birthDate: '1950-04-02',
      phone: '+46 8 222 22 22',
      allergies: [allergy('Penicillin'), allergy('Latex')],
      identifiers: [{ system: 'urn:lab', value: `DOUBLE-${number}` }],
    },
    'okonkwo',
    ['okafor'],
  );
  const kept = await hospital.visit(keep, { reason: 'Fever' });
  const moved = await hospital.visit(double, { reason: 'Fall', status: 'FINISHED' }, 'okonkwo');
  const open = await hospital.visit(double, { reason: 'Check' }, 'okonkwo');
  const amendment = {
    id: moved.id,
    expectedVersion: moved.version,
    changes: { notes: 'Left hip' },
    reason: 'Heard late',
  };
  await hospital.as('okonkwo').do('amendVisit', amendment);
  await hospital.treatment(double, 'Rest', 'okonkwo');
  return { number, keep, double, kept, moved, open };
}
