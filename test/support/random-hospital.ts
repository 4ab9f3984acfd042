import { backlogBelow } from '../../server/audit';
import { breakGlass } from './emergency';
import type { Hospital, Name, Patient } from './hospital';
import type { Pools } from './random-document';
import type { Viewer } from './what-is-told';

export interface Furnished {
  pools: Pools;
  patientOf: Map<string, string>;
  viewerOf: (who: Name) => Viewer;
}

/**
 * A small hospital in which every rule has a case: many kinds of patients, in the care of one, of others, of everybody, and
 * some on whom the glass is broken.
 */
export async function furnish(hospital: Hospital): Promise<Furnished> {
  for (const [place, [by, team, input]] of wards.entries()) {
    const patient = await hospital.patient({ ...input, mrn: `R-${place}` }, by, team);
    for (let visit = 0; visit < place % 4; visit += 1) {
      await hospital.visit(patient, { ...visitInputs[visit]!, startedAt: `2026-0${visit + 1}-03T09:00:00Z` }, by);
    }
    for (let update = 0; update < place % 3; update += 1) await hospital.treatment(patient, `Step ${update}`, by);
  }
  for (const mrn of ['R-1', 'R-4']) await remove(hospital, mrn);
  const broken = await breakSome(hospital);
  await backlogBelow(hospital.runtime.dataSource, 1);
  await hospital.runtime.services.snooping.watch.round(); // so that there are findings to be shown
  const viewerOf = (who: Name): Viewer => ({
    reviews: who === 'park' || who === 'brandt',
    glassBrokenOn: broken.get(who) ?? new Set(),
  });
  return { pools: await poolsOf(hospital), patientOf: await owners(hospital), viewerOf };
}

/** Grants that hold, one that is over and one that was reviewed; answers whose hold on whom. */
async function breakSome(hospital: Hospital): Promise<Map<Name, Set<string>>> {
  const holding = new Map<Name, Set<string>>();
  for (const [who, mrn, then] of glass) {
    const person = hospital.as(who);
    await person.stepUp(hospital.account(who));
    const patient = await withNumber(hospital, mrn);
    const { id } = await breakGlass(person, patient);
    if (then === 'holds') holding.set(who, (holding.get(who) ?? new Set()).add(patient.id));
    else await person.get('mutation ($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { id } }', { input: { id } });
    if (then === 'reviewed') await hospital.as('brandt').get(REVIEW, { input: { id, verdict: 'QUESTIONED', note: 'Team was in' } });
  } // prettier-ignore
  return holding;
}

const REVIEW = 'mutation ($input: ReviewBreakGlassInput!) { reviewBreakGlass(input: $input) { id } }';

/** Who broke the glass on whom, and what became of it. */
const glass: [Name, string, 'holds' | 'over' | 'reviewed'][] = [
  ['adeyemi', 'R-3', 'holds'],
  ['adeyemi', 'R-7', 'reviewed'],
  ['lindqvist', 'R-2', 'holds'],
  ['lindqvist', 'R-7', 'holds'],
  ['okafor', 'R-6', 'holds'],
  ['okonkwo', 'R-8', 'over'],
];

const name = (family: string, ...given: string[]) => ({ family, given });

/** By whom, who else cares, and what is known of the patient. */
const wards: [Name, Name[], Record<string, unknown>][] = [
  ['adeyemi', ['lindqvist'], { name: name('Lindgren', 'Astrid'), gender: 'FEMALE', birthDate: '1980-02-03' }],
  ['adeyemi', ['lindqvist'], { name: name('Lindgren', 'Karl'), gender: 'MALE', phone: '+46 8 123456' }],
  ['adeyemi', [], { name: name('Moreau', 'Ada'), gender: 'OTHER', email: 'ada@home.example', diagnosis: 'Gout' }],
  ['okonkwo', [], { name: name('Moreau', 'Paul'), gender: 'MALE', birthDate: '1955-11-30', medicalHistory: 'Long' }],
  ['okonkwo', ['lindqvist'], { name: name('Sato', 'Yui'), gender: 'FEMALE', deceasedAt: '2026-01-01T08:00:00Z' }],
  ['adeyemi', ['okonkwo', 'lindqvist'], { name: name('Sato', 'Ren'), gender: 'MALE', deceasedAt: '2026-02-01T08:00:00Z' }],
  ['okonkwo', ['adeyemi'], { name: name('Okoye', 'Ify'), gender: 'UNKNOWN', identifiers: [{ system: 'urn:x', value: 'N7' }] }],
  ['okonkwo', [], { name: name('Lind', 'Ada'), gender: 'FEMALE', allergies: [{ substance: 'Penicillin', severity: 'MILD' }] }],
  ['adeyemi', ['lindqvist'], { name: name('Vu', 'An'), gender: 'FEMALE', address: { line: ['1 High Street'], city: 'York' } }],
]; // prettier-ignore

const visitInputs = [
  { type: 'AMBULATORY', reason: 'Cough', notes: 'Clear chest' },
  { type: 'EMERGENCY', diagnosis: 'Fracture', vitals: { heartRate: 88, systolic: 120 } },
  { type: 'HOME', status: 'PLANNED' },
];

async function remove(hospital: Hospital, mrn: string): Promise<void> {
  const { id, version } = await withNumber(hospital, mrn);
  await hospital.as('park').do('deletePatient', { id, expectedVersion: version, reason: 'Registered twice' });
}

async function withNumber(hospital: Hospital, mrn: string): Promise<Patient> {
  const found = await hospital
    .as('park')
    .get<{ patients: { edges: { node: Patient }[] } }>(
      'query ($mrn: String) { patients(search: $mrn) { edges { node { id version mrn } } } }',
      { mrn },
    );
  return found.patients.edges[0]!.node;
}

async function ids(hospital: Hospital, table: string): Promise<string[]> {
  return (await hospital.sql<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id);
}

async function poolsOf(hospital: Hospital): Promise<Pools> {
  return {
    patients: await ids(hospital, 'patient'),
    visits: await ids(hospital, 'visit'),
    treatments: await ids(hospital, 'treatment_update'),
    users: await ids(hospital, 'app_user'),
    searches: [
      'Lindgren',
      'ada',
      'mo',
      'sato ren',
      'R-3',
      '1980-02-03',
      'nobody at all',
      '  ',
      'N7',
      'ada@home.example',
      '%',
    ],
    texts: {
      family: ['Lindgren', 'Moreau', 'Nobody'],
      given: ['Astrid', 'Ada', 'Paul'],
      birthDate: ['1980-02-03', '1955-11-30', '2001-01-01'],
      phone: ['+46 8 123456', '+1 555 0100'],
      system: ['urn:x'],
      value: ['N7', 'N8'],
      action: ['read', 'update'],
    },
  };
}

async function owners(hospital: Hospital): Promise<Map<string, string>> {
  const rows = await hospital.sql<{ id: string; patient: string }>(
    `SELECT id, id AS patient FROM patient UNION ALL SELECT id, patient_id FROM visit
     UNION ALL SELECT id, patient_id FROM treatment_update`,
  );
  return new Map(rows.map(({ id, patient }) => [id, patient]));
}
