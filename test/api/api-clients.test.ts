import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getNamedType, isLeafType, type GraphQLObjectType } from 'graphql';
import { Hospital, type Patient, type Person } from '../support/hospital';
import { RawSocket } from '../support/live-socket';
import {
  askToken,
  byPost,
  clientAt,
  CREATE_CLIENT,
  registerClient,
  type RegisteredClient,
} from '../support/api-client';

let hospital: Hospital;
let patient: Patient;
let confidential: Patient;

beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({ birthDate: '1960-02-29', phone: '+46 8 555 0101', diagnosis: 'Asthma' });
  confidential = await hospital.patient({ name: { family: 'Hidden', given: ['Vera'] } });
  await hospital.as('park').stepUp(hospital.account('park'));
  await hospital.as('park').get('mutation ($input: SetConfidentialInput!) { setConfidential(input: $input) { id } }', {
    input: { id: confidential.id, expectedVersion: confidential.version, confidential: true, reason: 'Known in town' },
  });
});
afterAll(() => hospital.close());

/** Codes of every error of an answer, with the last part of the path: `diagnosis FORBIDDEN`. */
async function faults(program: Person, query: string, variables: Record<string, unknown> = {}): Promise<string[]> {
  const { body } = await program.ask(query, variables);
  const { errors = [] } = JSON.parse(body) as { errors?: { path?: string[]; extensions: { code: string } }[] };
  return errors.map(({ path, extensions }) => `${path?.at(-1) ?? ''} ${extensions.code}`);
}

const contract = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

const reading = (id: string, fields: string) => `{ patient(id: "${id}") { ${fields} } }`;

describe('registering another system', () => {
  it('shows the secret once, and keeps it nowhere', async () => {
    const client = await registerClient(hospital, { name: 'Blood bank', scopes: ['patient.read:name'] });
    expect(client.secret).toMatch(/^chartseal_secret_[\w-]{43}$/);
    const stored = await hospital.sql('SELECT c::text AS client, k::text AS credential FROM api_client c JOIN api_client_credential k ON k.client_id = c.id'); // prettier-ignore
    expect(JSON.stringify(stored)).not.toContain(client.secret);
    const { apiClients } = await hospital
      .as('park')
      .get<{ apiClients: { edges: { node: { name: string } }[] } }>(
        '{ apiClients { edges { node { name scopes lastUsedAt credentials { kind createdAt } } } } }',
      );
    expect(apiClients.edges[0]!.node).toMatchObject({
      name: 'Blood bank',
      scopes: ['patient.read:name'],
      lastUsedAt: null,
      credentials: [{ kind: 'SECRET' }],
    });
  });

  it('is for administrators who have just proved themselves', async () => {
    const input = { name: 'Mine', scopes: ['patient.read'] };
    for (const name of ['adeyemi', 'okafor', 'lindqvist', 'brandt', 'lab'] as const) {
      expect((await hospital.as(name).ask(CREATE_CLIENT, { input })).code).toBe('FORBIDDEN');
      expect((await hospital.as(name).ask('{ apiClients { edges { node { id } } } }')).code).toBe('FORBIDDEN');
    }
    const park = hospital.visitor();
    await park.signIn(hospital.account('park'));
    expect((await park.ask(CREATE_CLIENT, { input })).code).toBe('MFA_REQUIRED');
  });

  it.each([['patient.erase'], ['patient.read:diagnosis,ssn'], ['patient.read:'], ['constructor'], ['patient.read:name:mrn']])(
    'knows no scope %s',
    async (scope) => {
      const input = { name: 'Odd', scopes: ['visit.read', scope] };
      expect((await hospital.as('park').ask(CREATE_CLIENT, { input })).code).toBe('BAD_USER_INPUT');
    },
  ); // prettier-ignore
});

describe('what a scope lets through', () => {
  let names: Person;

  beforeAll(async () => {
    names = await clientAt(hospital, await registerClient(hospital, { scopes: ['patient.read:name,birthDate'] }));
  });

  it('is the column groups it names, and FORBIDDEN at every other field', async () => {
    const { patient: seen } = await names.get<{ patient: unknown }>(
      reading(patient.id, 'id name { family } birthDate'),
    );
    expect(seen).toEqual({ id: patient.id, name: { family: 'Lindgren' }, birthDate: '1960-02-29' });
    const rest = 'phone email address { city } diagnosis allergies { substance } careTeam { id } treatment visits { totalCount }'; // prettier-ignore
    const found = await faults(names, reading(patient.id, rest));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((fault) => fault.endsWith('FORBIDDEN'))).toBe(true);
    for (const field of ['phone', 'diagnosis', 'medicalHistory', 'deceasedAt', 'mrn', 'gender', 'treatment']) {
      expect(await faults(names, reading(patient.id, field))).toEqual([`${field} FORBIDDEN`]);
    }
  });

  it('holds at every field the schema has, of patients, visits and treatment updates', async () => {
    const visit = await hospital.visit(patient, { reason: 'Cough', notes: 'Dry', vitals: { heartRate: 70 } });
    const treatment = await hospital.treatment(patient, 'Rest');
    const program = await clientAt(hospital, await registerClient(hospital, { scopes: ['patient.read:name', 'visit.read:reason'] })); // prettier-ignore
    const rows = ['id', 'version', 'createdAt', 'updatedAt'];
    const open: Record<string, string[]> = {
      Patient: [...rows, 'confidential', 'deletedAt', 'name', 'visits'],
      Visit: [...rows, 'attending', 'endedAt', 'patient', 'reason', 'startedAt', 'status', 'type'],
      TreatmentUpdate: [],
    };
    const doors: Record<string, string> = {
      Patient: `patient(id: "${patient.id}")`,
      Visit: `visit(id: "${visit.id}")`,
      TreatmentUpdate: `patient(id: "${patient.id}") { treatmentUpdates(first: 1) { edges { node`,
    };
    expect(treatment.id).toBeDefined();
    for (const [name, door] of Object.entries(doors)) {
      const told: string[] = [];
      for (const field of Object.values((contract.getType(name) as GraphQLObjectType).getFields())) {
        const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
        const close = '}'.repeat(door.split('{').length - 1);
        const found = await faults(program, `{ ${door} { ${field.name}${selection} } ${close} }`);
        if (!found.some((fault) => fault.endsWith('FORBIDDEN'))) told.push(field.name);
        else expect(found).toHaveLength(1);
      }
      expect([name, ...told.sort()]).toEqual([name, ...open[name]!.sort()]);
    }
  });

  it('leaves its own line in the log, with the client and what it opened', async () => {
    const entries = await hospital.entriesOf(() => names.ask(reading(patient.id, 'name { family } phone')));
    expect(entries).toHaveLength(2);
    expect(entries.find(({ a }) => a === 'read')).toMatchObject({ by: { k: 'client', r: 'INTEGRATION' }, f: ['name'], p: [patient.id] }); // prettier-ignore
    expect(entries.find(({ k }) => k === 'refused')).toMatchObject({
      a: 'patient',
      by: { k: 'client' },
      p: [patient.id],
    });
    const query = '{ auditEntries(first: 20) { edges { node { actor { kind name } } } } }';
    const { auditEntries } = await hospital.as('park').get<{ auditEntries: { edges: { node: { actor: unknown } }[] } }>(query); // prettier-ignore
    expect(auditEntries.edges.map(({ node }) => node.actor)).toContainEqual({ kind: 'CLIENT', name: 'Laboratory' });
  });

  it('is not told by searching, filtering or counting either', async () => {
    for (const args of [
      'search: "Lindgren"',
      'search: "Nobody"',
      'filter: { gender: FEMALE }',
      'filter: { deceased: true }',
    ]) {
      expect(await faults(names, `{ patients(${args}) { edges { node { id } } } }`)).toEqual(['patients FORBIDDEN']);
    }
    expect(await faults(names, '{ visits { totalCount } }')).toEqual(['visits FORBIDDEN']);
    expect(await faults(names, `{ treatmentUpdates(patientId: "${patient.id}") { totalCount } }`)).toEqual(['treatmentUpdates FORBIDDEN']); // prettier-ignore
  });

  it('is held over a WebSocket too, event by event, and ends with the secret', async () => {
    const client = await registerClient(hospital, { scopes: ['patient.read:name'] });
    const program = await clientAt(hospital, client);
    const socket = await RawSocket.open(hospital);
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${program.token}` } });
    await socket.hear('connection_ack');
    const followed = await hospital.patient();
    const watch = (fields: string) => `subscription { patientChanged(patientId: "${followed.id}") { ${fields} } }`;
    socket.subscribe('names', watch('version name { family }'));
    socket.subscribe('phones', watch('phone'));
    let told = false;
    const hearing = Promise.resolve()
      .then(async () => [await socket.event('names'), await socket.refusal('phones')])
      .finally(() => (told = true));
    for (let version = followed.version; !told; version += 1) {
      const edit = { id: followed.id, expectedVersion: version, phone: `+46 8 555 ${1000 + version}` };
      await hospital.as('adeyemi').do('updatePatient', edit); // until both are open and have heard of one
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await hearing).toMatchObject([{ name: { family: 'Lindgren' } }, 'FORBIDDEN']);
    const revoke = 'mutation ($input: RevokeApiClientInput!) { revokeApiClient(input: $input) { id } }';
    await hospital.as('park').get(revoke, { input: { id: client.id } });
    expect(await socket.closed).toMatchObject({ code: expect.any(Number) as number }); // also when nothing happens
  });

  it('is no account: nothing that looks after one, no staff, no log, no demographics', async () => {
    expect((await names.get<{ me: unknown }>('{ me { id } }')).me).toBeNull();
    const queries = ['{ staff { id } }', '{ users { totalCount } }', '{ auditLog { size } }', '{ demographics { total } }', '{ apiClients { totalCount } }', `{ node(id: "${patient.id}") { id } }`, `{ explainAccess(patientId: "${patient.id}") { allowed } }`]; // prettier-ignore
    for (const query of queries) expect((await names.ask(query)).code).toMatch(/FORBIDDEN|BAD_USER_INPUT|GRAPHQL/);
    expect((await names.ask('mutation { endOtherSessions }')).code).toBe('FORBIDDEN');
    expect((await names.stepUp({ password: 'whatever it is' })).code).toBe('FORBIDDEN');
  });

  it('lets a search through that is allowed, and what is then asked is still judged', async () => {
    const finder = await clientAt(
      hospital,
      await registerClient(hospital, { scopes: ['patient.search', 'patient.read:mrn'] }),
    );
    const { patients } = await finder.get<{ patients: { edges: { node: { mrn: string } }[] } }>('{ patients(search: "Lindgren") { edges { node { mrn } } } }'); // prettier-ignore
    expect(patients.edges.map(({ node }) => node.mrn)).toContain(patient.mrn);
    expect(await faults(finder, '{ patients(search: "Lindgren", first: 1) { edges { node { name { family } } } } }')).toEqual(['name FORBIDDEN']); // prettier-ignore
  });

  it('writes what it names and nothing else', async () => {
    const writer = await clientAt(hospital, await registerClient(hospital, { scopes: ['patient.write:phone', 'visit.write:reason'] })); // prettier-ignore
    const { patient: now } = await writer.get<{ patient: { version: number } }>(reading(patient.id, 'version'));
    const edit = { id: patient.id, expectedVersion: now.version };
    await writer.do('updatePatient', { ...edit, phone: '+46 8 555 0102' });
    const after = { ...edit, expectedVersion: now.version + 1 };
    expect(await writer.refused('updatePatient', { ...after, email: 'a@example.org' })).toBe('FORBIDDEN');
    expect(await writer.refused('updatePatient', { ...after, diagnosis: 'Gout' })).toBe('FORBIDDEN');
    expect(await writer.refused('createPatient', { name: { family: 'New', given: [] }, gender: 'MALE' })).toBe(
      'FORBIDDEN',
    );
    const visit = { patientId: patient.id, type: 'AMBULATORY', startedAt: '2026-03-01T09:00:00Z' };
    await writer.do('createVisit', { ...visit, reason: 'Referred' });
    expect(await writer.refused('createVisit', { ...visit, notes: 'Not in scope' })).toBe('FORBIDDEN');
    expect(await writer.refused('recordTreatment', { patientId: patient.id, text: 'None', status: 'ONGOING' })).toBe('FORBIDDEN'); // prettier-ignore
    expect(await writer.refused('deletePatient', { ...after, reason: 'Twice' })).toBe('FORBIDDEN');
    const { phone, email } = (await hospital.as('adeyemi').get<{ patient: Record<string, unknown> }>(reading(patient.id, 'phone email'))).patient; // prettier-ignore
    expect([phone, email]).toEqual(['+46 8 555 0102', null]);
  });

  it('cannot guess by writing what it may not read: a value that is there already is refused like any other', async () => {
    const scopes = ['patient.write:phone', 'visit.write:reason'];
    const writer = await clientAt(hospital, await registerClient(hospital, { scopes }));
    const { version } = (await hospital.as('adeyemi').get<{ patient: { version: number } }>(reading(patient.id, 'version'))).patient; // prettier-ignore
    const edit = { id: patient.id, expectedVersion: version };
    for (const guess of ['1960-02-29', '1960-03-01'])
      expect(await writer.refused('updatePatient', { ...edit, birthDate: guess })).toBe('FORBIDDEN');
    const visit = await hospital.visit(patient, { notes: 'As before' });
    for (const notes of ['As before', 'Guessed'])
      expect(await writer.refused('updateVisit', { id: visit.id, expectedVersion: 1, notes })).toBe('FORBIDDEN');
  });

  it('registers patients, on whose care team nobody is for that', async () => {
    const feeder = await clientAt(
      hospital,
      await registerClient(hospital, { scopes: ['patient.write', 'patient.read:mrn'] }),
    );
    const made = await feeder.do<{ id: string; mrn: string }>('createPatient', { name: { family: 'Fed', given: [] }, gender: 'MALE' }, '{ id mrn }'); // prettier-ignore
    expect(made.mrn).toMatch(/^H/);
    expect(await hospital.count('SELECT count(*) FROM care_team_member WHERE patient_id = $1', [made.id])).toBe(0);
  });
});

describe('which patients a client may touch', () => {
  it('is all who are not confidential; of those it gets the answer of a random id', async () => {
    const reader = await clientAt(hospital, await registerClient(hospital, { scopes: ['patient.read'] }));
    expect((await reader.ask(reading(confidential.id, 'id'))).code).toBe('NOT_FOUND');
    const { patients } = await reader.get<{ patients: { edges: { node: { id: string } }[] } }>('{ patients { edges { node { id } } } }'); // prettier-ignore
    const ids = patients.edges.map(({ node }) => node.id);
    expect(ids).toContain(patient.id);
    expect(ids).not.toContain(confidential.id);
  });

  it('or those of its list alone, a confidential one too', async () => {
    const listed = await registerClient(hospital, {
      scopes: ['patient.read', 'patient.write'],
      patientIds: [confidential.id],
    });
    const reader = await clientAt(hospital, listed);
    expect((await reader.get<{ patient: { id: string } }>(reading(confidential.id, 'id name { family }'))).patient.id).toBe(confidential.id); // prettier-ignore
    expect((await reader.ask(reading(patient.id, 'id'))).code).toBe('FORBIDDEN');
    expect(
      (await reader.get<{ patients: { totalCount: number } }>('{ patients { totalCount } }')).patients.totalCount,
    ).toBe(1);
    expect(await reader.refused('createPatient', { name: { family: 'New', given: [] }, gender: 'MALE' })).toBe(
      'FORBIDDEN',
    );
    const edit = { id: patient.id, expectedVersion: patient.version, phone: '+46 8 1' };
    expect(await reader.refused('updatePatient', edit)).toBe('FORBIDDEN');
    const granted = (await hospital.entries()).find(({ a, o }) => a === 'grant-scopes' && o?.i === listed.id);
    expect(granted?.p).toEqual([confidential.id]);
  });

  it('refuses a list with an id that is no patient', async () => {
    const input = { name: 'Odd', scopes: ['patient.read'], patientIds: [hospital.idOf('park')] };
    expect((await hospital.as('park').ask(CREATE_CLIENT, { input })).code).toBe('BAD_USER_INPUT');
  });
});

describe('changing a client', () => {
  const UPDATE = `mutation ($input: UpdateApiClientInput!) {
    updateApiClient(input: $input) { version name scopes listedPatients requestsPerMinute costPerMinute } }`;
  const change = async (input: Record<string, unknown>) => {
    const { data, code, error } = await hospital.as('park').ask(UPDATE, { input });
    return { made: data?.updateApiClient as Record<string, unknown> | undefined, code, error };
  };

  it('counts from the next request on, for tokens there are: what is narrowed is refused, all else goes on', async () => {
    const { id, ...rest } = await registerClient(hospital, { scopes: ['patient.read:name,phone'], requestsPerMinute: 100 });
    const reader = await clientAt(hospital, { id, ...rest });
    const narrowed = { id, expectedVersion: 1, name: 'Chemistry', scopes: ['patient.read:name'], costPerMinute: 5000 };
    expect((await change(narrowed)).made).toEqual({ version: 2, name: 'Chemistry', scopes: ['patient.read:name'], listedPatients: null, requestsPerMinute: 100, costPerMinute: 5000 });
    await reader.get(reading(patient.id, 'name { family }'));
    expect(await faults(reader, reading(patient.id, 'phone'))).toEqual(['phone FORBIDDEN']);
    const { extensions } = JSON.parse((await reader.ask(reading(patient.id, 'id'))).body) as { extensions: { cost: { limit: number } } };
    expect(extensions.cost.limit).toBe(5000);

    expect((await change({ id, expectedVersion: 2, patientIds: [confidential.id] })).made).toMatchObject({ version: 3, listedPatients: 1 });
    expect((await reader.ask(reading(patient.id, 'id'))).code).toBe('FORBIDDEN');
    await reader.get(reading(confidential.id, 'name { family }'));
    const granted = (await hospital.entries()).filter(({ a, o }) => a === 'grant-scopes' && o?.i === id);
    expect(granted.map(({ f, p }) => [f, p])).toEqual([
      [['patient.read:name,phone'], []],
      [['patient.read:name'], []],
      [['patient.read:name'], [confidential.id]],
    ]);

    expect((await change({ id, expectedVersion: 3, patientIds: null })).made).toMatchObject({ listedPatients: null });
    expect((await reader.ask(reading(confidential.id, 'id'))).code).toBe('NOT_FOUND');
  });

  it('widens what a token may only when another is got', async () => {
    const client = await registerClient(hospital, { scopes: ['patient.read:name'] });
    const before = await clientAt(hospital, client);
    await change({ id: client.id, expectedVersion: 1, scopes: ['patient.read:name,phone'] });
    expect(await faults(before, reading(patient.id, 'phone'))).toEqual(['phone FORBIDDEN']);
    await (await clientAt(hospital, client)).get(reading(patient.id, 'phone'));
  });

  it('is refused for an older version, a scope there is not, a revoked client, and without a fresh proof', async () => {
    const { id } = await registerClient(hospital, { scopes: ['patient.read:name'] });
    expect((await change({ id, expectedVersion: 1, name: 'One' })).made).toMatchObject({ version: 2 });
    const { code, error } = await change({ id, expectedVersion: 1, name: 'Two' });
    expect([code, error?.extensions.current]).toEqual(['CONFLICT', { version: 2, changedBy: hospital.idOf('park'), changedAt: expect.any(String) as string }]);
    expect((await change({ id, expectedVersion: 2, scopes: ['patient.erase'] })).code).toBe('BAD_USER_INPUT');
    expect((await change({ id, expectedVersion: 2, patientIds: [hospital.idOf('park')] })).code).toBe('BAD_USER_INPUT');
    expect((await hospital.entriesOf(() => change({ id, expectedVersion: 2, name: 'One' }))).map(({ a }) => a)).not.toContain('update');
    const fresh = hospital.visitor();
    await fresh.signIn(hospital.account('park'));
    expect((await fresh.ask(UPDATE, { input: { id, expectedVersion: 2, name: 'Three' } })).code).toBe('MFA_REQUIRED');
    await hospital.as('park').get(`mutation { revokeApiClient(input: { id: "${id}" }) { id } }`);
    expect((await change({ id, expectedVersion: 2, name: 'Three' })).code).toBe('NOT_FOUND');
  });
}); // prettier-ignore

describe('rotation and revocation', () => {
  const ROTATE = `mutation ($input: RotateApiClientSecretInput!) {
    rotateApiClientSecret(input: $input) { secret client { credentials { id revokedAt } } } }`;
  const REVOKE = `mutation ($input: RevokeApiClientInput!) { revokeApiClient(input: $input) { id revokedAt } }`;
  let client: RegisteredClient;

  beforeAll(async () => {
    client = await registerClient(hospital, { scopes: ['patient.read'] });
  });

  it('has two secrets good at a time, until the old one is revoked; its tokens end with it', async () => {
    const park = hospital.as('park');
    const byOld = await clientAt(hospital, client);
    const rotated = await park.get<{ rotateApiClientSecret: { secret: string; client: { credentials: { id: string }[] } } }>(ROTATE, { input: { id: client.id } }); // prettier-ignore
    const { secret, client: shown } = rotated.rotateApiClientSecret;
    const byNew = await clientAt(hospital, { id: client.id, secret });
    await byOld.get(reading(patient.id, 'id'));
    expect((await park.ask(ROTATE, { input: { id: client.id } })).code).toBe('BAD_USER_INPUT');

    await park.get(REVOKE, { input: { id: client.id, credentialId: shown.credentials[0]!.id } });
    expect((await byOld.ask(reading(patient.id, 'id'))).code).toBe('UNAUTHENTICATED');
    expect((await askToken(hospital, byPost(client))).body.error).toBe('invalid_client');
    await byNew.get(reading(patient.id, 'id'));

    await park.get(REVOKE, { input: { id: client.id } });
    expect((await byNew.ask(reading(patient.id, 'id'))).code).toBe('UNAUTHENTICATED');
    expect((await askToken(hospital, byPost({ id: client.id, secret }))).body.error).toBe('invalid_client');
  });

  it('ends a token ten minutes after it was got', async () => {
    const other = await clientAt(hospital, await registerClient(hospital, { scopes: ['patient.read'] }));
    await other.get(reading(patient.id, 'id'));
    hospital.desk.wait(10 * 60_000 + 1000);
    expect((await other.ask(reading(patient.id, 'id'))).code).toBe('UNAUTHENTICATED');
    await hospital.signEverybodyIn();
  });

  it('is worth nothing by a row that was planted or moved in the database', async () => {
    const one = await registerClient(hospital, { scopes: ['patient.read:name'] });
    const wide = await registerClient(hospital, { scopes: ['patient.read'] });
    await hospital.sql('ALTER TABLE api_client DISABLE TRIGGER USER');
    await hospital.sql('UPDATE api_client SET allowance = (SELECT allowance FROM api_client WHERE id = $2) WHERE id = $1', [one.id, wide.id]); // prettier-ignore
    await hospital.sql('ALTER TABLE api_client ENABLE TRIGGER USER');
    expect((await askToken(hospital, byPost(one))).status).toBe(500);
  });
});
