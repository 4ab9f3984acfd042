import { operationTable } from '../../server/access/permissions';
import { breakGlass, hide } from '../support/emergency';
import { Hospital, type Name, type Patient, type Person, type Visit } from '../support/hospital';
import { attempts, type Subject } from '../support/operation-attempts';

/**
 * Who may do what, written out from the hospital's rules and not from the code. `+` allowed, `-` FORBIDDEN, `!`
 * BREAK_GLASS_AVAILABLE, `?` NOT_FOUND, `.` an answer without the patient in it. Columns: admin, doctor, clinician, nurse,
 * auditor, integration; first for a patient whose care team the person is on (as far as the role can be), then for a patient
 * of Dr Okonkwo's, for a confidential one of his, and for one on whom the person has broken the glass. Where only two are
 * written, the operation is not about a patient.
 */
const rules: Record<string, [own: string, others: string, confidential?: string, broken?: string]> = {
  'patient': ['+ + + + - -', '+ ! ! ! - -', '+ ? ? ? - -', '+ + + + - -'],
  'patients': ['+ + + + - -', '+ . . . - -', '+ . . . - -', '+ + + + - -'],
  'similarPatients': ['+ + + - - -', '+ . . - - -', '+ . . - - -', '+ + + - - -'],
  'visit': ['+ + + + - -', '+ ! ! ! - -', '+ ? ? ? - -', '+ + + + - -'],
  'visits': ['+ + + + - -', '+ . . . - -', '+ . . . - -', '+ + + + - -'],
  'visits of the patient': ['+ + + + - -', '+ ! ! ! - -', '+ ? ? ? - -', '+ + + + - -'],
  'treatmentUpdates': ['+ + + + - -', '+ ! ! ! - -', '+ ? ? ? - -', '+ + + + - -'],
  'node': ['+ + + + . .', '+ ! ! ! . .', '+ . . . . .', '+ + + + . .'],
  'node of a visit': ['+ + + + . .', '+ ! ! ! . .', '+ . . . . .', '+ + + + . .'],
  'node of a treatment': ['+ + + + . .', '+ ! ! ! . .', '+ . . . . .', '+ + + + . .'],
  'encryptedRecord': ['+ - - - - -', '+ - - - - -', '+ - - - - -', '+ - - - - -'],
  'auditEntries': ['+ + + . + -', '+ . . . + -', '+ . . . + -', '+ + + + + -'],
  'auditLog': ['+ + + + + -', '+ + + + + -'],
  'auditProof': ['+ - - - + -', '+ - - - + -'],
  'auditConsistency': ['+ - - - + -', '+ - - - + -'],
  'accessReport': ['+ + + - + -', '+ ! ! - + -'],
  'accountingOfDisclosures': ['+ + + - + -', '+ ! ! - + -'],
  'logAlarms': ['+ - - - + -', '+ - - - + -'],
  'demographics': ['+ + + + - -', '+ + + + - -'],
  'users': ['+ - - - - -', '+ - - - - -'],
  'staff': ['+ + + + - -', '+ + + + - -'],
  'createPatient': ['+ + + - - -', '+ + + - - -'],
  'createPatient with a diagnosis': ['- + + - - -', '- + + - - -'],
  'createPatient with a treatment': ['- + + - - -', '- + + - - -'],
  'updatePatient': ['+ + + - - -', '+ ! ! - - -', '+ ? ? - - -', '+ + + - - -'],
  'updatePatient: diagnosis': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'updatePatient: allergies': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'updatePatient: problems': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'updatePatient: medications': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'updatePatient: medicalHistory': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'deletePatient': ['+ + - - - -', '+ - - - - -', '+ ? - - - -', '+ - - - - -'],
  'restorePatient': ['+ + - - - -', '+ - - - - -', '+ ? - - - -'],
  'printRecord': ['+ + + + - -', '+ ! ! ! - -', '+ ? ? ? - -', '+ + + + - -'],
  'erasePatient': ['+ - - - - -', '+ - - - - -', '+ - - - - -', '+ - - - - -'],
  'mergePreview': ['+ - - - - -', '+ - - - - -', '+ - - - - -', '+ - - - - -'],
  'mergePatients': ['+ - - - - -', '+ - - - - -', '+ - - - - -', '+ - - - - -'],
  'unmergePatients': ['+ - - - - -', '+ - - - - -'],
  'createVisit': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'updateVisit': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'amendVisit': ['- + + + - -', '- ! ! ! - -', '- ? ? ? - -', '- + + + - -'],
  'amendVisit: notes': ['- + + - - -', '- ! ! - - -', '- ? ? - - -', '- + + - - -'],
  'deleteVisit': ['- - - - - -', '- - - - - -', '- ? ? - - -', '- - - - - -'], // Dr Okonkwo's own; see below for those one has written oneself
  'recordVitals': ['- + + + - -', '- ! ! ! - -', '- ? ? ? - -', '- + + + - -'],
  'recordTreatment': ['- + + + - -', '- ! ! ! - -', '- ? ? ? - -', '- + + + - -'],
  'addCareTeamMember': ['+ + + - - -', '+ - - - - -', '+ ? ? - - -', '+ - - - - -'],
  'removeCareTeamMember': ['+ + + - - -', '+ - - - - -', '+ ? ? - - -', '+ - - - - -'],
  'setConfidential': ['+ - - - - -', '+ - - - - -', '+ - - - - -', '+ - - - - -'],
  'breakGlass': ['- + + + - -', '- + + + - -'], // the permission was found; the password is wanted again
  'endBreakGlass': ['- + + + - -', '- + + + - -'],
  'reviewBreakGlass': ['+ - - - + -', '+ - - - + -'],
  'breakGlassGrants': ['+ + + + + -', '+ + + + + -'],
  'snoopingFindings': ['+ - - - + -', '+ - - - + -'],
  'reviewSnooping': ['+ - - - + -', '+ - - - + -'],
  'explainAccess': ['+ + + + + +', '+ + + + + +', '+ ? ? ? + +', '+ + + + + +'],
  'createUser': ['+ - - - - -', '+ - - - - -'],
  'updateUser': ['+ - - - - -', '+ - - - - -'],
  'deactivateUser': ['+ - - - - -', '+ - - - - -'],
  'reactivateUser': ['+ - - - - -', '+ - - - - -'],
  'removePassword': ['+ - - - - -', '+ - - - - -'],
  'resetPassword': ['+ - - - - -', '+ - - - - -'],
  'verifyAuditLog': ['+ - - - + -', '+ - - - + -'],
  'acknowledgeLogAlarm': ['+ - - - - -', '+ - - - - -'],
  'keyring': ['+ - - - - -', '+ - - - - -'],
  'rotateKeys': ['+ - - - - -', '+ - - - - -'],
  'resealRecords': ['+ - - - - -', '+ - - - - -'],
  'rotateIndexKey': ['+ - - - - -', '+ - - - - -'],
  'changePassword': ['+ + + + + +', '+ + + + + +'],
  'endSession': ['+ + + + + +', '+ + + + + +'],
  'stepUp': ['+ + + + + +', '+ + + + + +'],
  'endOtherSessions': ['+ + + + + +', '+ + + + + +'],
  'enrolTotp': ['+ + + + + +', '+ + + + + +'],
  'confirmTotp': ['+ + + + + +', '+ + + + + +'],
  'removeTotp': ['+ + + + + +', '+ + + + + +'],
  'renewRecoveryCodes': ['+ + + + + +', '+ + + + + +'],
  'beginPasskey': ['+ + + + + +', '+ + + + + +'],
  'registerPasskey': ['+ + + + + +', '+ + + + + +'],
  'renamePasskey': ['+ + + + + +', '+ + + + + +'],
  'removePasskey': ['+ + + + + +', '+ + + + + +'],
  'passkeyProof': ['+ + + + + +', '+ + + + + +'],
  'resetSecondFactor': ['+ - - - - -', '+ - - - - -'],
  'apiClients': ['+ - - - - -', '+ - - - - -'],
  'apiScopes': ['+ - - - - -', '+ - - - - -'],
  'createApiClient': ['+ - - - - -', '+ - - - - -'],
  'updateApiClient': ['+ - - - - -', '+ - - - - -'],
  'rotateApiClientSecret': ['+ - - - - -', '+ - - - - -'],
  'revokeApiClient': ['+ - - - - -', '+ - - - - -'],
}; // prettier-ignore

const columns: Name[] = ['park', 'adeyemi', 'okafor', 'lindqvist', 'brandt', 'lab'];

const operationOf = (name: string) => name.split(/[ :]/)[0]!;

let hospital: Hospital;
let small: Hospital;
beforeAll(async () => {
  const often = { BREAK_GLASS_PER_HOUR: '1000' }; // each operation is tried on a patient of its own
  hospital = await Hospital.open(often);
  small = await Hospital.open({ ...often, CARE_TEAM: 'off' });
});
afterAll(async () => {
  await small?.close();
  await hospital?.close();
});

/** Subjects nobody has changed yet, to be tried on again. */
const standing = new Map<string, Subject>();

/** How a patient stands to the person who asks. */
type Standing = 'own' | 'others' | 'confidential' | 'broken';

async function subjectOf(house: Hospital, name: string, team: Name[], how: Standing): Promise<Subject> {
  const deleted = operationOf(name) === 'restorePatient';
  const key = [house === small, deleted, how, ...team].join();
  const subject = standing.get(key) ?? (await newSubject(house, team, { deleted, how }));
  standing.set(key, subject);
  return subject;
}

let subjects = 0;

async function newSubject(house: Hospital, team: Name[], { deleted, how }: { deleted: boolean; how: Standing }) {
  const mrn = `ROLES-${(subjects += 1)}`;
  const known = { mrn, identifiers: [{ system: 'urn:roles', value: mrn }] };
  let patient = await house.patient({ name: { family: 'Secretovic', given: ['Vesna'] }, ...known }, 'okonkwo', team);
  const visit = await house.visit(patient, {}, 'okonkwo');
  const treatment = await house.treatment(patient, 'Bed rest', 'okonkwo');
  if (how === 'confidential') patient = await hide(house, patient);
  if (how === 'broken') await allBreakGlass(house, patient);
  if (!deleted) return { patient, visit, treatment };
  const gone = { id: patient.id, expectedVersion: patient.version, reason: 'Registered twice' };
  return {
    patient: await house.as('okonkwo').do<Patient>('deletePatient', gone, '{ id version mrn }'),
    visit,
    treatment,
  };
}

const proven = new Map<Name, Person>();

/** All who may break the glass on this patient, each in a session that proved its password: the one that asks has not. */
async function allBreakGlass(house: Hospital, patient: Patient): Promise<void> {
  for (const name of ['adeyemi', 'okafor', 'lindqvist'] as const) {
    const person = proven.get(name) ?? house.visitor();
    if (!proven.has(name)) {
      await person.signIn(house.account(name));
      await person.get(`mutation { stepUp(input: { password: "${house.account(name).password}" }) }`);
    }
    proven.set(name, person);
    await breakGlass(person, patient);
  }
}

const answers: Record<string, string> = { FORBIDDEN: '-', BREAK_GLASS_AVAILABLE: '!', NOT_FOUND: '?' };

async function outcome(house: Hospital, person: Person, name: string, subject: Subject): Promise<string> {
  const { query, variables, allowedCode } = attempts[name]!(subject, house);
  const { code, data, body } = await person.ask(query, variables);
  if (code === allowedCode) {
    if (query.startsWith('mutation')) standing.clear();
    const aboutPatients = ['patients', 'similarPatients', 'visits', 'node', 'auditEntries'].includes(operationOf(name));
    if (!aboutPatients) return '+';
    return [subject.patient.id, subject.visit.id].some((id) => JSON.stringify(data).includes(id)) ? '+' : '.';
  }
  expect(body).not.toContain('Secretovic');
  expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
  return answers[String(code)] ?? String(code);
}

/** The log's viewer shows what is sealed. */
async function allSealed(house: Hospital): Promise<void> {
  while ((await house.count('SELECT count(*) FROM audit_pending')) > 0) await new Promise((done) => setTimeout(done, 10));
} // prettier-ignore

async function outcomes(house: Hospital, name: string, how: Standing): Promise<string> {
  const found: (string | Promise<string>)[] = [];
  for (const colleague of columns) {
    const team = how === 'own' && columns.indexOf(colleague) < 4 ? [colleague] : [];
    const subject = await subjectOf(house, name, team, how);
    if (name === 'auditEntries') await allSealed(house);
    const answer = outcome(house, house.as(colleague), name, subject);
    // those who only look may do so side by side; a change uses its subject up
    found.push(attempts[name]!(subject, house).query.startsWith('mutation') ? await answer : answer);
  }
  return (await Promise.all(found)).join(' ');
}

test('the rules below speak of every operation there is', () => {
  const spoken = new Set([...Object.keys(rules).map(operationOf), 'me', ...Object.keys(open)]);
  const { Query, Mutation } = operationTable; // subscriptions go over WebSockets: test/api/live.test.ts
  expect([...spoken].sort()).toEqual([Query, Mutation].flatMap((demands) => Object.keys(demands)).sort());
  expect(Object.keys(attempts).sort()).toEqual(Object.keys(rules).sort());
});

describe('every role, every operation', () => {
  test.each(Object.entries(rules))('%s', async (name, [own, others, confidential, broken]) => {
    expect(await outcomes(hospital, name, 'own')).toBe(own);
    expect(await outcomes(hospital, name, 'others')).toBe(others);
    if (confidential) expect(await outcomes(hospital, name, 'confidential')).toBe(confidential);
    if (broken) expect(await outcomes(hospital, name, 'broken')).toBe(broken);
  });
});

describe('in a small clinic (CARE_TEAM=off) roles alone decide, but for confidential patients', () => {
  // how much of the log somebody sees hangs on care teams as before
  const names = Object.keys(rules).filter((name) => name !== 'auditEntries');
  test.each(names)('%s', async (name) => {
    const [own, , confidential] = rules[name]!;
    expect(await outcomes(small, name, 'others')).toBe(own);
    if (confidential) expect(await outcomes(small, name, 'confidential')).toBe(confidential);
  });

  test('an open visit is still deleted by nobody but its author', async () => {
    const patient = await small.patient({}, 'okonkwo');
    const visit = await small.visit(patient, {}, 'adeyemi');
    const input = { id: visit.id, expectedVersion: visit.version };
    expect(await small.as('okonkwo').refused('deleteVisit', input)).toBe('FORBIDDEN');
    expect(await small.as('adeyemi').refused('deleteVisit', input)).toBeUndefined();
  });
});

/** What anybody may ask, and what the stranger is answered. */
const open: Record<string, [document: string, code: string | undefined]> = {
  me: ['{ me { name } }', undefined],
  signOut: ['mutation { signOut }', undefined],
  signInProvider: ['{ signInProvider }', undefined],
  refreshSession: ['mutation { refreshSession { accessToken } }', 'UNAUTHENTICATED'],
  acceptInvite: ['mutation { acceptInvite(input: { token: "none", password: "a long password" }) { expiresAt } }', 'BAD_USER_INPUT'],
  verifyTotp: ['mutation { verifyTotp(input: { ticket: "none", code: "000000" }) { expiresAt } }', 'UNAUTHENTICATED'],
  passkeySignIn: ['mutation { passkeySignIn }', undefined],
  signInWithPasskey: ['mutation { signInWithPasskey(input: { response: "none" }) { expiresAt } }', 'BAD_USER_INPUT'],
  signIn: ['mutation { signIn(input: { email: "x@ward.example", password: "wrong" }) { expiresAt } }', 'UNAUTHENTICATED'],
}; // prettier-ignore

describe('a stranger', () => {
  test.each(Object.keys(rules))('%s: nothing, and nothing is told', async (name) => {
    const subject = await subjectOf(hospital, name, [], 'others');
    const { query, variables } = attempts[name]!(subject, hospital);
    const before = await hospital.count('SELECT count(*) FROM patient');
    const { code, data, body } = await hospital.stranger.ask(query, variables);
    expect(code).toBe('UNAUTHENTICATED');
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
    expect(body).not.toMatch(/Secretovic|Vesna/);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(before);
  });

  test.each(Object.entries(open))('%s is open to all', async (_name, [document, expected]) => {
    expect((await hospital.visitor().ask(document)).code).toBe(expected);
  });
});

describe('rules within rules', () => {
  test('a doctor deletes an open visit of their own and nobody else’s', async () => {
    const patient = await hospital.patient({}, 'adeyemi', ['okafor']);
    const hers = await hospital.visit(patient, {}, 'adeyemi');
    const his = await hospital.visit(patient, {}, 'okafor');
    const deletes = (name: Name, { id, version }: Visit) =>
      hospital.as(name).refused('deleteVisit', { id, expectedVersion: version });
    expect(await deletes('okafor', hers)).toBe('FORBIDDEN');
    expect(await deletes('adeyemi', his)).toBe('FORBIDDEN');
    expect(await deletes('adeyemi', hers)).toBeUndefined();
    expect(await deletes('okafor', his)).toBeUndefined();
  });

  test('an admin registers with demographics, reads the rest of the record and writes none of it', async () => {
    const park = hospital.as('park');
    const patient = await hospital.patient({ phone: '08-123 45 67' }, 'park', ['adeyemi']);
    await hospital.as('adeyemi').do('updatePatient', { id: patient.id, expectedVersion: 1, diagnosis: 'Gout' });
    expect(await park.get(`{ patient(id: "${patient.id}") { diagnosis phone } }`)).toEqual({
      patient: { diagnosis: 'Gout', phone: '08-123 45 67' },
    });
    for (const input of [{ diagnosis: null }, { phone: '1234567', medicalHistory: 'x' }]) {
      expect(await park.refused('updatePatient', { id: patient.id, expectedVersion: 2, ...input })).toBe('FORBIDDEN');
    }
  });

  test('deleted patients are listed for whoever may restore all, and for nobody else', async () => {
    const patient = await hospital.patient({}, 'adeyemi');
    const input = { id: patient.id, expectedVersion: 1, reason: 'Registered twice' };
    await hospital.as('adeyemi').do('deletePatient', input);
    const list = '{ patients(first: 100, filter: { deleted: true }) { edges { node { id } } } }';
    expect(JSON.stringify(await hospital.as('park').get(list))).toContain(patient.id);
    expect((await hospital.as('adeyemi').ask(list)).code).toBe('FORBIDDEN');
    expect((await hospital.as('adeyemi').ask(`{ patient(id: "${patient.id}") { id } }`)).code).toBe('NOT_FOUND');
    expect((await hospital.as('park').ask(`{ patient(id: "${patient.id}") { deletedAt } }`)).code).toBeUndefined();
  });

  test('a refusal is written into the log, naming who asked for whom', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const entries = await hospital.entriesOf(() =>
      hospital.as('lindqvist').ask(`query Peek { patient(id: "${patient.id}") { id } }`),
    );
    expect(entries).toEqual([
      expect.objectContaining({ a: 'patient', k: 'refused', p: [patient.id], by: expect.objectContaining({ u: hospital.idOf('lindqvist'), r: 'NURSE' }) as unknown }),
    ]); // prettier-ignore
  });
});
