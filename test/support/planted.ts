import { backlogBelow } from '../../server/audit';
import { registerClient } from './api-client';
import { SoftAuthenticator } from './authenticator';
import { breakGlass } from './emergency';
import { provenPark } from './erasing';
import { enrol } from './factor';
import type { Hospital, Patient } from './hospital';
import { askToMerge, askToUnmerge } from './merging';
import { SignInService } from './sign-in-service';

/**
 * Fills the sealed columns that no work on a record fills, with words that hold the canary: care teams, secrecy, broken glass,
 * second factors, API clients, accounts at the hospital's own sign-in service. Answers the secrets that were handed out
 * meanwhile, which must not lie around either.
 */
export async function plantBesideRecords(
  hospital: Hospital,
  service: SignInService,
  patient: Patient,
  canary: string,
): Promise<string[]> {
  await grantsAndTeams(hospital, patient, canary);
  await mergedAndUnmerged(hospital, canary);
  await lookedInto(hospital, patient, canary);
  const [nurse, account] = [hospital.as('lindqvist'), hospital.account('lindqvist')];
  const { phone, recoveryCodes } = await enrol(nurse, account, () => hospital.runtime.clock.now());
  await passkey(hospital, `${canary} phone`);
  const { secret } = await registerClient(hospital, {
    name: `${canary} Laboratory`,
    scopes: ['patient.read'],
    patientIds: [patient.id],
  });
  await byProvider(hospital, service, canary);
  return [phone.secret, secret, ...recoveryCodes];
}

/** @param patient in the care of Dr Okonkwo */
async function grantsAndTeams(hospital: Hospital, { id, version }: Patient, canary: string): Promise<void> {
  const [nurse, park] = [hospital.as('lindqvist'), hospital.as('park')];
  await nurse.stepUp(hospital.account('lindqvist'));
  const grant = await breakGlass(nurse, { id }, `${canary} stairs`);
  const change = (name: string, type: string, input: object) => [
    `mutation ($input: ${type}!) { ${name}(input: $input) { id } }`,
    { input },
  ] as const; // prettier-ignore
  await nurse.get(...change('endBreakGlass', 'EndBreakGlassInput', { id: grant.id }));
  const judged = { id: grant.id, verdict: 'QUESTIONED', note: `${canary} verdict` };
  await hospital.as('brandt').get(...change('reviewBreakGlass', 'ReviewBreakGlassInput', judged));
  const joins = { patientId: id, userId: hospital.idOf('okafor'), reason: `${canary} on call` };
  await park.do('addCareTeamMember', joins);
  const hidden = { id, expectedVersion: version, confidential: true, reason: `${canary} colleague` };
  await park.get(...change('setConfidential', 'SetConfidentialInput', hidden));
}

async function mergedAndUnmerged(hospital: Hospital, canary: string): Promise<void> {
  const park = await provenPark(hospital);
  const keep = await hospital.patient({ mrn: `${canary}-keep` });
  const double = await hospital.patient({ mrn: `${canary}-double`, phone: '+46 8 987 65 43' });
  const { data, body } = await askToMerge(park, keep, double, { take: ['PHONE'], reason: `${canary} passport` });
  const payload = data?.mergePatients as { patient: Patient; merge: { id: string } } | undefined;
  if (!payload) throw new Error(body);
  await askToUnmerge(park, payload.merge.id, payload.patient.version, `${canary} twins`);
}

/** An administrator looks at what a patient of others has, and is asked why. */
async function lookedInto(hospital: Hospital, { id }: Patient, canary: string): Promise<void> {
  await hospital.as('park').get('query ($id: ID!) { patient(id: $id) { diagnosis } }', { id });
  await backlogBelow(hospital.runtime.dataSource, 1);
  await hospital.runtime.services.snooping.watch.round();
  const list =
    'query ($filter: SnoopingFilter) { snoopingFindings(first: 1, filter: $filter) { edges { node { id version } } } }';
  const filter = { patientId: id, personId: hospital.idOf('park') };
  const { snoopingFindings } = await hospital.as('brandt').get<{
    snoopingFindings: { edges: [{ node: { id: string; version: number } }] };
  }>(list, { filter });
  const [{ node }] = snoopingFindings.edges;
  const input = {
    id: node.id,
    expectedVersion: node.version,
    verdict: 'EXPLAINED',
    note: `${canary} called by the ward`,
  };
  const review = 'mutation ($input: ReviewSnoopingInput!) { reviewSnooping(input: $input) { status } }';
  await hospital.as('brandt').get(review, { input });
}

async function passkey(hospital: Hospital, name: string): Promise<void> {
  const doctor = hospital.as('okonkwo');
  await doctor.stepUp(hospital.account('okonkwo'));
  const { beginPasskey } = await doctor.get<{ beginPasskey: string }>('mutation { beginPasskey }');
  const response = new SoftAuthenticator().create(beginPasskey);
  const register = 'mutation ($input: RegisterPasskeyInput!) { registerPasskey(input: $input) { passkey { id } } }';
  await doctor.get(register, { input: { name, response } });
}

/** What a hospital is opened with that lets people sign in by this service. */
export function signingInBy(service: SignInService): Record<string, string> {
  return {
    OIDC_ISSUER: service.issuer,
    OIDC_CLIENT_ID: SignInService.client.id,
    OIDC_CLIENT_SECRET: SignInService.client.secret,
    OIDC_NAME: 'St Erik',
    OIDC_ROLE_CLAIM: 'groups',
    OIDC_ROLES: JSON.stringify({ nurses: 'NURSE' }),
    OIDC_CREATE: 'on',
  };
}

/** Somebody new signs in there, whom the service knows by the canary. */
async function byProvider(hospital: Hospital, service: SignInService, canary: string): Promise<void> {
  const claims = {
    email: `${canary}.nova@ward.example`,
    email_verified: true,
    name: `${canary} Nova`,
    groups: ['nurses'],
  };
  await service.people({ [canary]: claims });
  const ask = (url: string, cookie = '') =>
    hospital.desk.app.fastify.inject({ url, headers: { host: 'localhost', cookie } });
  const begun = await ask('/oidc/start');
  const back = await service.signIn(String(begun.headers.location), canary);
  const cookie = begun.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const landed = await ask(back.pathname + back.search, cookie);
  if (landed.headers.location !== '/') throw new Error(`landed at ${String(landed.headers.location)}`);
}
