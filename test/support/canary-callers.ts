import { clientAt, registerClient } from './api-client';
import { CanaryWard, type Viewer } from './canary-ward';
import type { Hospital, Name } from './hospital';
import type { Random } from './random';
import type { Pools } from './random-document';

/** Somebody, or some program, that asks. */
export interface Caller extends Viewer {
  label: string;
  token: () => string | null;
  password?: string;
  /** Signs in again, after an operation that was drawn has ended the session. */
  again?: () => Promise<unknown>;
}

/** A hospital of canaries, and everybody who may try to hear them. */
export async function callersOf(hospital: Hospital, random: Random): Promise<{ ward: CanaryWard; callers: Caller[] }> {
  const lapsed = hospital.as('adeyemi').token;
  hospital.desk.wait(13 * 3600 * 1000); // longer than a session lasts
  await hospital.signEverybodyIn();
  const ward = await CanaryWard.furnish(hospital);
  const asking = [...staff(hospital), ...(await clients(hospital, ward, random))];
  const seeing = asking.filter(({ sees }) => sees !== 'nobody'); // they ask more often
  return { ward, callers: [...asking, ...seeing, ...seeing, ...nobodies(hospital, lapsed, await signedOut(hospital))] };
}

const sees: Record<Name, Viewer['sees']> = {
  park: 'everything',
  adeyemi: 'own',
  okonkwo: 'own',
  okafor: 'own',
  lindqvist: 'own',
  brandt: 'grants',
  lab: 'nobody',
};

function staff(hospital: Hospital): Caller[] {
  return (Object.keys(sees) as Name[]).map((name) => ({
    label: name,
    id: hospital.idOf(name),
    sees: sees[name],
    token: () => hospital.as(name).token,
    password: hospital.account(name).password,
    again: () => hospital.as(name).signIn(hospital.account(name)),
  }));
}

async function signedOut(hospital: Hospital): Promise<string | null> {
  const person = hospital.visitor();
  await person.signIn(hospital.account('okonkwo'));
  await person.get('mutation { signOut }');
  return person.token;
}

function nobodies(hospital: Hospital, lapsed: string | null, ended: string | null): Caller[] {
  const forged = `${hospital.as('park').token}x`;
  const tokens = {
    'a stranger': null,
    'a session that lapsed': lapsed,
    'one signed out of': ended,
    'a forged one': forged,
  };
  return Object.entries(tokens).map(([label, token]) => ({ label, id: null, sees: 'nobody', token: () => token }));
}

/** Of each scope that reads, the column groups it may be narrowed to. */
const readable: Record<string, string[]> = {
  'patient.read': ['mrn', 'name', 'email', 'address', 'emergencyContact', 'identifiers', 'allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory', 'careTeam'],
  'visit.read': ['reason', 'notes', 'visitDiagnosis'],
  'treatment.read': [],
}; // prettier-ignore

/** Three other systems with scopes by chance, one of them for listed patients alone. */
async function clients(hospital: Hospital, ward: CanaryWard, random: Random): Promise<Caller[]> {
  const made: Caller[] = [];
  for (const listed of [null, null, [0, 5, 6].map((number) => ward.patients[number]!.id)]) {
    const groups = new Set<string>();
    const scopes = random.some(['patient.search', 'patient.write', 'visit.write', 'vitals.write'], 0.5);
    for (const [scope, all] of Object.entries(readable)) {
      if (!random.chance(0.75)) continue;
      const some = random.chance(0.5) ? all : random.some(all, 0.5);
      if (all.length > 0 && some.length === 0) continue;
      scopes.push(some.length === all.length && scope !== 'patient.read' ? scope : `${scope}:${some.join(',')}`);
      for (const group of scope === 'treatment.read' ? ['treatment'] : some) groups.add(group.toLowerCase());
    }
    const input = { scopes: ['visit.read:reason', ...scopes], requestsPerMinute: 60_000, costPerMinute: 10_000_000 };
    const client = await registerClient(hospital, { ...input, ...(listed && { patientIds: listed }) });
    const { token } = await clientAt(hospital, client);
    groups.add('reason');
    made.push({ label: `a client for ${input.scopes.join(' ')}`, id: client.id, sees: 'scope', token: () => token, groups, ...(listed && { listed: new Set(listed) }) }); // prettier-ignore
  }
  return made;
}

/** Fields that hold words. */
const telling = {
  Patient: ['mrn', 'name { family }', 'email', 'identifiers { value }', 'address { line }', 'emergencyContact { name }', 'allergies { substance }', 'problems { text }', 'medications { text }', 'diagnosis', 'medicalHistory', 'treatment', 'careTeamHistory { reason }'],
  Visit: ['reason', 'notes', 'diagnosis'],
  TreatmentUpdate: ['text'],
  BreakGlassGrant: ['text'],
}; // prettier-ignore

/** Ids of all kinds: one's own, others', hidden, deleted, erased, of another type, of nobody, and what is none. */
export async function hostilePools(hospital: Hospital, ward: CanaryWard): Promise<Pools> {
  const ids = async (table: string) => (await hospital.sql<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id); // prettier-ignore
  const spare = [await hospital.desk.hire('Nurse Moreau', 'NURSE'), await hospital.desk.hire('Dr Sato', 'DOCTOR')];
  const strange = [
    '0192a000-0000-7000-8000-000000000000',
    'x',
    '',
    "' OR 1=1 --",
    '00000000-0000-0000-0000-000000000000',
  ];
  const [visits, treatments, grants, sessions] = await Promise.all(['visit', 'treatment_update', 'break_glass_grant', 'session'].map(ids)); // prettier-ignore
  const patients = ward.patients.map(({ id }) => id);
  return {
    patients: [...patients, ...patients, ...patients, patients[0]!.toUpperCase(), ...strange.slice(0, 2)],
    visits: visits!,
    treatments: treatments!,
    users: [...spare.map(({ id }) => id), hospital.idOf('adeyemi'), hospital.idOf('lindqvist')],
    anyIds: [...grants!, ...sessions!.slice(-1), ...spare.map(({ id }) => id), ...patients, visits![0]!, ...strange],
    searches: [...ward.names(), ...Array<string>(30).fill('zan'), '1980-02-03', '+46 8 123456', '%', ''],
    wanted: telling,
    texts: {
      family: ['Moreau'],
      given: ['Ada'],
      birthDate: ['1980-02-03', '1955-11-30'],
      phone: ['+46 8 123456', '+1 555 0100'],
      email: ['ada@home.example', 'no address'],
      mrn: ['N-1', 'N-2', 'N-3'], // no canary is ever written anew, else it would no longer say whose it is
      confirmMrn: ward.patients.map(({ mrn }) => mrn),
      system: ['urn:x'],
      idempotencyKey: ['the-very-same-key'],
      scopes: ['patient.read', 'visit.read:reason', 'patient.erase'],
      code: ['000000'],
      action: ['read', 'update'],
    },
  };
}
