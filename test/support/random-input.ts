import type { Hospital, inputTypes } from './hospital';
import type { Random } from './random';

interface Versioned {
  id: string;
  version: number;
}

/** Inputs that are mostly right: of a patient or visit there is, in its current version, with some of the fields. */
export async function drawInput(
  hospital: Hospital,
  random: Random,
  mutation: keyof typeof inputTypes,
): Promise<Record<string, unknown>> {
  const all = (table: string) => hospital.sql<Versioned>(`SELECT id, version FROM ${table} ORDER BY id`);
  const one = async (table: string) => random.pick(await all(table));
  const deleted = mutation === 'restorePatient' ? await all('patient WHERE deleted_at IS NOT NULL') : [];
  const patient = deleted.length > 0 ? random.pick(deleted) : await one('patient');
  const version = (row: Versioned) => (random.chance(0.1) ? row.version + 1 : row.version);
  const edited = (row: Versioned) => ({ id: row.id, expectedVersion: version(row) });
  const team = async () => ({ patientId: patient.id, userId: (await one('app_user')).id });
  const inputs: Record<keyof typeof inputTypes, () => Promise<Record<string, unknown>>> = {
    createPatient: async () => ({ ...patientFields(random), ...required(random), ...(random.chance(0.3) && taken(random)) }),
    updatePatient: async () => ({ ...edited(patient), ...patientFields(random), ...(random.chance(0.2) && taken(random)) }),
    deletePatient: async () => ({ ...edited(patient), reason: 'Registered twice' }),
    restorePatient: async () => edited(patient),
    createVisit: async () => ({ patientId: patient.id, type: 'HOME', startedAt: '2026-04-01T10:00:00Z', ...visitFields(random) }),
    updateVisit: async () => ({ ...edited(await one('visit')), ...visitFields(random) }),
    amendVisit: async () => ({ ...edited(await one('visit')), changes: visitFields(random), reason: 'Heard too late' }),
    deleteVisit: async () => edited(await one('visit')),
    recordVitals: async () => {
      const { id, ...rest } = { ...edited(await one('visit')), vitals: { heartRate: random.int(50, 120) } };
      return { visitId: id, ...rest };
    },
    recordTreatment: async () => ({ patientId: patient.id, text: `Step ${random.int(1, 9)}`, status: 'ONGOING' }),
    addCareTeamMember: team,
    removeCareTeamMember: team,
  }; // prettier-ignore
  return inputs[mutation]();
}

/** A merge of two records in their current versions, or one that stands taken apart; now and then what cannot be. */
export async function drawMerge(
  hospital: Hospital,
  random: Random,
): Promise<['mergePatients' | 'unmergePatients', string, Record<string, unknown>]> {
  const open = await hospital.sql<Versioned>(
    'SELECT g.id, p.version FROM patient_merge g JOIN patient p ON p.id = g.kept_id WHERE unmerged_at IS NULL ORDER BY g.id',
  );
  const reason = random.pick(['Registered twice', 'They are twins']);
  if (open.length > 0 && random.chance(0.5)) {
    const merge = random.pick(open);
    return ['unmergePatients', 'UnmergePatientsInput', { mergeId: merge.id, expectedVersion: merge.version, reason }];
  }
  const among = random.chance(0.9) ? 'WHERE deleted_at IS NULL' : '';
  const patients = await hospital.sql<Versioned>(`SELECT id, version FROM patient ${among} ORDER BY id`);
  const [keep, merge] = [random.pick(patients), random.pick(patients)];
  const fields = ['NAME', 'EMAIL', 'ADDRESS', 'EMERGENCY_CONTACT', 'DIAGNOSIS', 'MEDICAL_HISTORY'];
  const pair = { keepId: keep.id, mergeId: merge.id, keepVersion: keep.version, mergeVersion: merge.version };
  return ['mergePatients', 'MergePatientsInput', { ...pair, take: random.some(fields, 0.4), reason }];
}

function required(random: Random): Record<string, unknown> {
  return {
    name: { family: random.pick(['Marsh', 'Abe', 'Nyström']), given: ['Kit'] },
    gender: random.pick(['MALE', 'OTHER']),
  };
}

/** A record number that may be another patient’s. */
function taken(random: Random): Record<string, unknown> {
  return { mrn: random.pick(['R-0', 'R-2', `N-${random.int(100, 999)}`]) };
}

function patientFields(random: Random): Record<string, unknown> {
  const fields: [string, unknown][] = [
    ['phone', random.pick(['+46 8 700', '+46 8 701', null])],
    ['email', random.pick(['kit@home.example', null])],
    ['birthDate', random.pick(['1999-09-09', '1950-05-05', null])],
    ['diagnosis', random.pick(['Gout', 'Asthma', null])],
    ['allergies', random.pick([[{ substance: 'Nuts', severity: 'SEVERE' }], []])],
    ['name', { family: random.pick(['Marsh', 'Abe']), given: ['Kim'] }],
  ];
  return Object.fromEntries(random.some(fields, 0.4));
}

function visitFields(random: Random): Record<string, unknown> {
  const fields: [string, unknown][] = [
    ['notes', random.pick(['Quiet night', null])],
    ['reason', random.pick(['Cough', 'Fall'])],
    ['status', random.pick(['IN_PROGRESS', 'PLANNED', 'FINISHED'])],
    ['vitals', { heartRate: random.int(50, 120) }],
  ];
  return Object.fromEntries(random.some(fields, 0.5));
}
