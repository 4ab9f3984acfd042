import { Client } from 'pg';
import { breakGlass, hide } from './emergency';
import { erased } from './erasing';
import type { Hospital, Name, Patient } from './hospital';
import { superuserUrl } from './superuser';

/** What a value says when it comes out: of which patient it is, and which column group, in small letters. */
export interface Canary {
  patient: string;
  group: string;
}

/** Everybody whose record is one's own, another's, hidden, deleted, erased, or open by a broken glass. */
const ward: { by: Name; team?: Name[]; then?: 'hide' | 'delete' | 'erase' }[] = [
  { by: 'adeyemi' },
  { by: 'adeyemi', team: ['lindqvist', 'okafor'] },
  { by: 'okafor', team: ['lindqvist'] },
  { by: 'okonkwo' },
  { by: 'okonkwo', team: ['adeyemi'] },
  { by: 'okonkwo', then: 'hide' },
  { by: 'adeyemi', then: 'hide' },
  { by: 'adeyemi', team: ['lindqvist'], then: 'delete' },
  { by: 'okonkwo', then: 'delete' },
  { by: 'adeyemi', team: ['okafor'], then: 'erase' },
  { by: 'okonkwo' },
  { by: 'okonkwo' },
];

/** Who has broken the glass on whom, by their place in the ward. */
const broken: [Name, number][] = [
  ['adeyemi', 10],
  ['lindqvist', 11],
  ['okafor', 5],
];

/** Of a patient and a group, a word that occurs nowhere else. */
const word = (number: number, group: string): string => `Zan${String(number).padStart(2, '0')}${group}Qx`;

/** A hospital in which every value tells whose it is, and what the tables say of who may see whom. */
export class CanaryWard {
  private constructor(
    readonly patients: readonly Patient[],
    private readonly database: Client,
  ) {}

  static async furnish(hospital: Hospital): Promise<CanaryWard> {
    const patients: Patient[] = [];
    for (const [number, { by, team }] of ward.entries()) patients.push(await admit(hospital, number, by, team));
    for (const [who, number] of broken) {
      await hospital.as(who).stepUp(hospital.account(who));
      await breakGlass(hospital.as(who), patients[number]!, word(number, 'breakglass'));
    }
    for (const [number, { then }] of ward.entries()) {
      const patient = patients[number]!;
      if (then === 'hide') patients[number] = await hide(hospital, patient);
      if (then === 'erase') await erased(hospital, patient);
      const gone = { id: patient.id, expectedVersion: patient.version, reason: 'Registered twice' };
      if (then === 'delete') await hospital.as('park').do('deletePatient', gone);
    }
    const database = new Client({ connectionString: superuserUrl(hospital.runtime) });
    await database.connect();
    return new CanaryWard(patients, database);
  }

  /** Every canary in a text, each once. */
  canariesIn(text: string): Canary[] {
    const found = new Set([...text.matchAll(/zan\d\d[a-z]+?qx/gi)].map(([canary]) => canary.toLowerCase()));
    return [...found].map((canary) => ({
      patient: this.patients[Number(canary.slice(3, 5))]!.id,
      group: canary.slice(5, -2),
    }));
  }

  /** Words by which these patients would be found. */
  names(): string[] {
    return this.patients.flatMap((_, number) => [
      word(number, 'name'),
      word(number, 'mrn'),
      word(number, 'identifiers'),
    ]);
  }

  /** How patients and people stand to each other at this moment, read from the tables themselves. */
  async facts(): Promise<Facts> {
    const { rows } = await this.database.query<{ what: keyof Facts; key: string }>(FACTS);
    const keys = (what: keyof Facts) => new Set(rows.filter((row) => row.what === what).map(({ key }) => key));
    return { erased: keys('erased'), deleted: keys('deleted'), confidential: keys('confidential'), near: keys('near'), took: keys('took'), merged: keys('merged'), joined: keys('joined') }; // prettier-ignore
  }

  close(): Promise<void> {
    return this.database.end();
  }
}

/** Ids of patients, and of patients with a person (`patient user`) who is near them or once broke the glass on them. */
export interface Facts {
  erased: ReadonlySet<string>;
  deleted: ReadonlySet<string>;
  confidential: ReadonlySet<string>;
  near: ReadonlySet<string>;
  took: ReadonlySet<string>;
  /** `merged kept`, at any remove: records that are part of another. */
  merged: ReadonlySet<string>;
  /** The same for what ever was, since who joined a team that way stays in its history. */
  joined: ReadonlySet<string>;
}

const FACTS = `
  WITH RECURSIVE ever AS (SELECT merged_id, kept_id FROM patient_merge UNION
      SELECT e.merged_id, g.kept_id FROM ever e JOIN patient_merge g ON g.merged_id = e.kept_id),
    now AS (SELECT merged_id, kept_id FROM patient_merge WHERE unmerged_at IS NULL UNION
      SELECT n.merged_id, g.kept_id FROM now n JOIN patient_merge g ON g.merged_id = n.kept_id AND g.unmerged_at IS NULL)
  SELECT 'erased' AS what, id::text AS key FROM erasure
  UNION ALL SELECT 'deleted', id::text FROM patient WHERE deleted_at IS NOT NULL
  UNION ALL SELECT 'confidential', id::text FROM patient WHERE confidential
  UNION ALL SELECT 'near', patient_id || ' ' || user_id FROM care_team_member WHERE until IS NULL OR until > now()
  UNION ALL SELECT 'near', patient_id || ' ' || user_id FROM break_glass_grant WHERE ended_at IS NULL AND expires_at > now()
  UNION ALL SELECT 'took', patient_id || ' ' || user_id FROM break_glass_grant
  UNION ALL SELECT 'merged', merged_id || ' ' || kept_id FROM now
  UNION ALL SELECT 'joined', merged_id || ' ' || kept_id FROM ever`;

/** Somebody who asks, as far as what they may see hangs on it. */
export interface Viewer {
  id: string | null;
  /** `scope`: what an API client was given. `nobody`: a stranger, or a session that is over. */
  sees: 'everything' | 'own' | 'grants' | 'scope' | 'nobody';
  /** Of an API client: column groups, and the only patients, where there is a list. */
  groups?: ReadonlySet<string>;
  listed?: ReadonlySet<string>;
}

/** Whether this may be told to them at all: from who cares for whom, not from the permission table. */
export function maySee(viewer: Viewer, canary: Canary, facts: Facts): boolean {
  return places(canary, facts).some((place) => mayLook(viewer, place, facts));
}

/**
 * Where a word may stand: in its own record, and in those that this was merged into. There the number of the duplicate is one
 * of the identifiers, and told with the merge.
 */
export function places({ patient, group }: Canary, { merged, joined }: Facts): Canary[] {
  const pairs = [...(group === 'careteam' ? joined : merged)].map((pair) => pair.split(' '));
  const kept = pairs.flatMap(([from, into]) => (from === patient ? [into!] : []));
  const groups = group === 'mrn' ? ['mrn', 'identifiers', 'merge'] : [group];
  return [{ patient, group }, ...kept.flatMap((id) => groups.map((one) => ({ patient: id, group: one })))];
}

function mayLook({ id, sees, groups, listed }: Viewer, { patient, group }: Canary, facts: Facts): boolean {
  if (facts.erased.has(patient) || sees === 'nobody') return false;
  if (sees === 'everything') return true;
  if (group === 'breakglass') return sees === 'grants' || (sees === 'own' && facts.took.has(`${patient} ${id}`));
  if (facts.deleted.has(patient)) return false;
  if (sees === 'own') return facts.near.has(`${patient} ${id}`);
  if (sees !== 'scope' || !groups?.has(group)) return false;
  return listed ? listed.has(patient) : !facts.confidential.has(patient);
}

/** Registers a patient all of whose words are canaries, with a visit, a treatment and a team that has its reason. */
async function admit(hospital: Hospital, number: number, by: Name, team: Name[] = []): Promise<Patient> {
  const c = (group: string) => word(number, group);
  const record = {
    mrn: c('mrn'),
    name: { family: c('name'), given: [c('name')] },
    birthDate: '1980-02-03',
    gender: 'FEMALE',
    phone: '+46 8 123456',
    email: `${c('email')}@home.example`,
    address: { line: [c('address')], city: 'York' },
    emergencyContact: { name: c('emergencycontact'), phone: '+46 8 654321' },
    identifiers: [{ system: 'urn:x', value: c('identifiers') }],
    allergies: [{ substance: c('allergies'), severity: 'MILD' }],
    problems: [{ text: c('problems'), status: 'ACTIVE' }],
    medications: [{ text: c('medications'), status: 'ACTIVE' }],
    diagnosis: c('diagnosis'),
    medicalHistory: c('medicalhistory'),
  };
  const patient = await hospital.patient(record, by);
  const visit = { reason: c('reason'), notes: c('notes'), diagnosis: c('visitdiagnosis') };
  await hospital.visit(patient, visit, by);
  await hospital.treatment(patient, c('treatment'), by);
  for (const name of team) {
    const place = { patientId: patient.id, userId: hospital.idOf(name), reason: c('careteam') };
    await hospital.as('park').do('addCareTeamMember', place);
  }
  return patient;
}
