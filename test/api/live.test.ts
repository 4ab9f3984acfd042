import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { socketLimits } from '../../server/live';
import { Hospital, type Patient } from '../support/hospital';
import { liveAddress, RawSocket } from '../support/live-socket';
import { until } from '../support/until';

/** Subscriptions over graphql-transport-ws, against the listening server. */
let hospital: Hospital;
let patient: Patient;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({}, 'adeyemi', ['lindqvist']);
});
afterAll(async () => {
  for (const socket of sockets) socket.socket.terminate();
  await hospital?.close();
});

const ENTRIES = `subscription Watch($filter: AuditFilter, $after: Int) {
  auditEntryAdded(filter: $filter, after: $after) { index action actor { id name } patients } }`;
const CHANGED = `subscription Changed($id: ID!, $byOthers: Boolean! = false) {
  patientChanged(patientId: $id, byOthers: $byOthers) { id version name { family } } }`;

interface Seen {
  index: number;
  action: string;
  actor: { id: string | null; name: string | null };
  patients: string[];
}

async function socketOf(name: Parameters<typeof RawSocket.of>[1], house = hospital): Promise<RawSocket> {
  const socket = await RawSocket.of(house, name);
  sockets.push(socket);
  return socket;
}

async function stranger(protocol?: string): Promise<RawSocket> {
  const socket = await RawSocket.open(hospital, protocol);
  sockets.push(socket);
  return socket;
}

const init = (token: string | null) => ({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
const size = () => hospital.count('SELECT coalesce(max(index) + 1, 0) FROM audit_entry');
const rename = async (family: string) => {
  const { version } = (await hospital.as('adeyemi').get<{ patient: { version: number } }>(`{ patient(id: "${patient.id}") { version } }`)).patient; // prettier-ignore
  return hospital.as('adeyemi').do('updatePatient', { id: patient.id, expectedVersion: version, name: { family, given: ['Astrid'] } }); // prettier-ignore
};

describe('the protocol', () => {
  test.each<[number, string, (socket: RawSocket) => void, string | null]>([
    [4400, 'what is no JSON', (socket) => socket.say('{'), null],
    [4400, 'a message of no known type', (socket) => socket.say({ type: 'hello' }), null],
    [4400, 'bytes instead of text', (socket) => socket.socket.send(Buffer.from('{"type":"ping"}'), { binary: true }), null],
    [4401, 'a subscription before an introduction', (socket) => socket.subscribe('1', ENTRIES), null],
    [4403, 'an introduction without a token', (socket) => socket.say({ type: 'connection_init' }), null],
    [4403, 'a forged token', (socket) => socket.say(init('aaaa.bbbb.cccc')), null],
    [4406, 'no protocol', () => undefined, ''],
    [1009, 'a message that is too long', (socket) => socket.say({ type: 'ping', payload: { x: 'x'.repeat(socketLimits.messageBytes) } }), null],
    [4408, 'silence', () => undefined, null],
  ])('%d closes on %s', async (code, _why, act, protocol) => {
    const socket = await stranger(protocol ?? undefined);
    act(socket);
    expect((await socket.closed).code).toBe(code);
  }); // prettier-ignore

  test('4429 closes on a second introduction, 4409 on an id in use', async () => {
    const [twice, same] = [await socketOf('park'), await socketOf('park')];
    twice.say(init(hospital.as('park').token));
    expect((await twice.closed).code).toBe(4429);
    same.subscribe('1', ENTRIES);
    same.subscribe('1', ENTRIES);
    expect((await same.closed).code).toBe(4409);
  });

  test('the library’s own client is served, and told 4403 where a token does not hold', async () => {
    const url = `ws://${await liveAddress(hospital)}/graphql`;
    const closed: unknown[] = [];
    const open = (token: string | null) =>
      createClient({
        url,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${token}` },
        on: { closed: (event) => closed.push((event as { code: number }).code) },
      });
    const client = open(hospital.as('brandt').token);
    const after = (await size()) - 3;
    const events = client.iterate<{ auditEntryAdded: Seen }>({ query: ENTRIES, variables: { after } });
    const first = await events.next();
    expect(first.done ? null : first.value.data?.auditEntryAdded.index).toBe(after + 1);
    await events.return?.();
    await client.dispose();
    const refused = open('aaaa.bbbb.cccc').iterate({ query: ENTRIES });
    await expect(refused.next()).rejects.toMatchObject({ code: 4403 });
    expect(closed).toContain(4403);
  });

  test('a page of another origin is refused before the upgrade, our own and programs are not', async () => {
    const address = await liveAddress(hospital);
    const upgrade = async (origin?: string) => {
      const socket = new WebSocket(`ws://${address}/graphql`, 'graphql-transport-ws', origin ? { origin } : {});
      return new Promise((resolve) => {
        socket.once('error', () => undefined);
        socket.once('open', () => resolve((socket.terminate(), 101)));
        socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      });
    };
    expect(await upgrade('https://evil.example')).toBe(403);
    expect(await upgrade('null')).toBe(403);
    expect(await upgrade(`http://${address}`)).toBe(101);
    expect(await upgrade()).toBe(101);
  });

  test('a session has five sockets, a socket ten subscriptions', async () => {
    const okafor = await Promise.all(Array.from({ length: socketLimits.sockets }, () => socketOf('okafor')));
    const sixth = await stranger();
    sixth.say(init(hospital.as('okafor').token));
    expect((await sixth.closed).code).toBe(1008);
    const [socket, ...others] = okafor;
    for (let n = 0; n <= socketLimits.subscriptions; n += 1) socket!.subscribe(`s${n}`, ENTRIES);
    expect(await socket!.refusal(`s${socketLimits.subscriptions}`)).toBe('RATE_LIMITED');
    await Promise.all([socket!, ...others].map((one) => one.leave()));
  });
});

describe('the gate', () => {
  test.each([
    ['BAD_USER_INPUT', 'a query', '{ me { name } }'],
    ['BAD_USER_INPUT', 'a mutation', 'mutation { signOut }'],
    ['BAD_USER_INPUT', 'what does not parse', 'subscription {'],
    ['BAD_USER_INPUT', 'what does not validate', 'subscription { nothing }'],
    ['BAD_USER_INPUT', 'two subscriptions in one', 'subscription { auditEntryAdded { index } patientChanged(patientId: "x") { id } }'],
    ['BAD_USER_INPUT', 'an id that is none', 'subscription { patientChanged(patientId: "x") { id } }'],
    ['BAD_USER_INPUT', 'a filter that breaks a rule', 'subscription { auditEntryAdded(filter: { patientId: "x" }) { index } }'],
    ['BAD_USER_INPUT', 'a place that is none', 'subscription { auditEntryAdded(after: -2) { index } }'],
    ['QUERY_TOO_COSTLY', 'too many tokens', `subscription { auditEntryAdded { ${'index '.repeat(4100)} } }`],
    ['QUERY_TOO_COSTLY', 'too many aliases', `subscription { auditEntryAdded { ${Array.from({ length: 40 }, (_, n) => `a${n}: index`).join(' ')} } }`],
  ])('%s for %s', async (code, _what, query) => {
    const socket = await socketOf('park');
    socket.subscribe('1', query);
    expect(await socket.refusal('1')).toBe(code);
    await socket.leave();
  }); // prettier-ignore

  test('a variable of the wrong type is refused without being told back', async () => {
    const socket = await socketOf('park');
    socket.subscribe('1', ENTRIES, { after: 'Lindgren, Astrid' });
    const { payload } = await socket.hear('error', '1');
    expect(JSON.stringify(payload)).toContain('BAD_USER_INPUT');
    expect(JSON.stringify(payload)).not.toContain('Lindgren');
    await socket.leave();
  });

  test('over HTTP a subscription is refused', async () => {
    for (const query of ['subscription { auditEntryAdded { index } }', `subscription { patientChanged(patientId: "${patient.id}") { id } }`])
      expect(await hospital.as('park').ask(query)).toMatchObject({ code: 'BAD_USER_INPUT', data: null });
  }); // prettier-ignore

  test.each(['lab', 'brandt'] as const)('%s may not follow a patient, and trying is entered', async (name) => {
    const socket = await socketOf(name);
    const entries = await hospital.entriesOf(async () => {
      socket.subscribe('1', CHANGED, { id: patient.id });
      expect(await socket.refusal('1')).toBe('FORBIDDEN');
    });
    expect(entries).toMatchObject([
      { a: 'patientChanged', k: 'refused', p: [patient.id], by: { u: hospital.idOf(name) } },
    ]);
    await socket.leave();
  });

  test('who is on no care team is answered as over HTTP; what is not there, as what is not there', async () => {
    const socket = await socketOf('okafor');
    for (const [n, id] of [patient.id, '01890000-0000-7000-8000-00000000dead'].entries()) {
      socket.subscribe(`${n}`, CHANGED, { id });
      const { code } = await hospital.as('okafor').ask(`{ patient(id: "${id}") { id } }`);
      expect(await socket.refusal(`${n}`)).toBe(code);
    }
    await socket.leave();
  });

  test('who may not read the log may not follow it', async () => {
    const socket = await socketOf('lab');
    socket.subscribe('1', ENTRIES);
    expect(await socket.refusal('1')).toBe('FORBIDDEN');
    await socket.leave();
  });
});

describe('entries as they are sealed', () => {
  test('none skipped, none doubled, in order, on from any place, with the connection for news cut again and again', async () => {
    const from = (await size()) - 1;
    const socket = await socketOf('brandt');
    const cut = setInterval(() => void hospital.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chartseal live' AND datname = current_database()`), 150); // prettier-ignore
    socket.subscribe('1', ENTRIES, { after: from });
    for (let n = 0; n < 60; n += 1) await hospital.as('adeyemi').get(`{ patient(id: "${patient.id}") { mrn name { family } } }`); // prettier-ignore
    const until = await hospital.count(
      'SELECT (SELECT max(index) FROM audit_entry) + (SELECT count(*) FROM audit_pending)',
    );
    const seen: Seen[] = [];
    while ((seen.at(-1)?.index ?? -1) < until) seen.push(await socket.event<Seen>('1'));
    clearInterval(cut);
    expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: seen.length }, (_, n) => from + 1 + n));
    expect(seen.find(({ action }) => action === 'read')?.actor.name).toBe('Dr Adeyemi');
    await socket.leave();
  });

  test('opening is one entry, what is shown is none: a view does not feed itself', async () => {
    const socket = await socketOf('brandt');
    const entries = await hospital.entriesOf(async () => {
      socket.subscribe('1', ENTRIES, { filter: { patientId: patient.id } });
      await hospital.as('adeyemi').get(`{ patient(id: "${patient.id}") { mrn } }`);
      for (let action = ''; action !== 'read';) ({ action } = await socket.event<Seen>('1'));
    });
    const views = entries.filter(({ a }) => a === 'view-log');
    expect(views).toMatchObject([{ by: { u: hospital.idOf('brandt') }, p: [patient.id] }]);
    await socket.leave();
  });

  test('a nurse follows what she does herself, a doctor her patients too, and nobody what is none of theirs', async () => {
    const others = await hospital.patient({ name: { family: 'Quist', given: ['Ola'] } }, 'okonkwo');
    const after = (await size()) - 1;
    const [nurse, doctor] = [await socketOf('lindqvist'), await socketOf('adeyemi')];
    nurse.subscribe('1', ENTRIES, { after });
    doctor.subscribe('1', ENTRIES, { after });
    await hospital.as('okonkwo').get(`{ patient(id: "${others.id}") { mrn } }`);
    await hospital.as('park').get(`{ patient(id: "${patient.id}") { mrn } }`);
    await hospital.as('lindqvist').get(`{ patient(id: "${patient.id}") { mrn } }`);
    const [ofNurse, ofDoctor] = [hospital.idOf('lindqvist'), hospital.idOf('adeyemi')];
    const seenByDoctor: Seen[] = [];
    while (seenByDoctor.at(-1)?.actor.id !== ofNurse) seenByDoctor.push(await doctor.event<Seen>('1'));
    for (let last = ''; last !== 'read';) {
      const { action, actor } = await nurse.event<Seen>('1');
      expect(actor.id).toBe(ofNurse);
      last = action;
    }
    expect(seenByDoctor.some(({ actor }) => actor.id === hospital.idOf('park'))).toBe(true);
    for (const { actor, patients } of seenByDoctor)
      expect(actor.id === ofDoctor || patients.includes(patient.id)).toBe(true);
    await Promise.all([nurse.leave(), doctor.leave()]);
  });
});

describe('a patient’s record as it changes', () => {
  test('each event is entered as a read before it leaves, once however much was written', async () => {
    const socket = await socketOf('lindqvist');
    socket.subscribe('1', CHANGED, { id: patient.id });
    const entries = await hospital.entriesOf(async () => {
      await watching(patient.id, 'lindqvist');
      await rename('Lindgren-Berg');
      expect(await socket.event('1')).toMatchObject({ id: patient.id, name: { family: 'Lindgren-Berg' } });
    });
    const hers = entries.filter(({ by }) => by.u === hospital.idOf('lindqvist'));
    expect(hers.filter(({ a }) => a !== 'watch')).toMatchObject([{ a: 'read', f: ['name'], p: [patient.id] }]);
    await socket.leave();
  });

  test('what this very session writes can be left out; what belongs to the record counts as well', async () => {
    const socket = await socketOf('adeyemi');
    socket.subscribe('1', CHANGED, { id: patient.id, byOthers: true });
    await watching(patient.id, 'adeyemi');
    await rename('Lindgren');
    await hospital
      .as('lindqvist')
      .do('recordTreatment', { patientId: patient.id, text: 'Rest', status: 'ONGOING' }, '{ id }');
    await socket.event('1');
    await hospital.count('SELECT 1');
    expect(socket.left).toBe(0);
    await socket.leave();
  });

  test('with the log unable to write, the event has no data', async () => {
    const socket = await socketOf('lindqvist');
    socket.subscribe('1', CHANGED, { id: patient.id });
    await watching(patient.id, 'lindqvist');
    const { audit } = hospital.runtime.base;
    const record = audit.record.bind(audit);
    const broken = jest
      .spyOn(audit, 'record')
      .mockImplementation((draft) =>
        draft.action === 'read' && draft.fields?.length === 1 ? Promise.reject(new Error('no log')) : record(draft),
      );
    await rename('Lindgren-Ek');
    const { payload } = await socket.hear('next', '1');
    broken.mockRestore();
    expect(payload?.errors?.[0]?.extensions.code).toBe('AUDIT_UNAVAILABLE');
    expect(JSON.stringify(payload)).not.toContain('Lindgren');
    await socket.hear('complete', '1');
    await socket.leave();
  });

  test('leaving the care team ends it with a refusal that is entered', async () => {
    const other = await hospital.patient({}, 'adeyemi', ['okafor']);
    const socket = await socketOf('okafor');
    socket.subscribe('1', CHANGED, { id: other.id });
    await watching(other.id, 'okafor');
    const entries = await hospital.entriesOf(async () => {
      await hospital.as('park').do('removeCareTeamMember', { patientId: other.id, userId: hospital.idOf('okafor') });
      let { payload } = await socket.hear('next', '1');
      while (payload?.data) ({ payload } = await socket.hear('next', '1')); // of what was sealed after it began to watch
      const { code } = await hospital.as('okafor').ask(`{ patient(id: "${other.id}") { id } }`);
      expect(payload?.errors?.[0]?.extensions.code).toBe(code);
      await socket.hear('complete', '1');
    });
    expect(entries.filter(({ k }) => k === 'refused').map(({ a }) => a)).toContain('patientChanged');
    await socket.leave();
  });
});

describe('an end', () => {
  const byAnotherProcess =
    'UPDATE session SET ended_at = now(), end_reason = $2 WHERE user_id = $1 AND ended_at IS NULL';
  test.each<[string, () => Promise<unknown>]>([
    ['signing out', () => hospital.as('okonkwo').ask('mutation { signOut }')],
    ['what another process does', () => hospital.sql(byAnotherProcess, [hospital.idOf('okonkwo'), 'ROLE'])],
  ])('%s closes 4403', async (_what, end) => {
    await hospital.signEverybodyIn();
    const [idle, following] = [await socketOf('okonkwo'), await socketOf('okonkwo')];
    following.subscribe('1', ENTRIES);
    await end();
    expect((await idle.closed).code).toBe(4403);
    expect((await following.closed).code).toBe(4403);
  });

  test('a lapsed token closes 4403, and a socket does not keep a session from going idle', async () => {
    await hospital.signEverybodyIn();
    const socket = await socketOf('park');
    socket.subscribe('1', ENTRIES);
    await socket.event('1').catch(() => undefined);
    const used = await hospital.count(`SELECT extract(epoch FROM max(last_used_at)) FROM session WHERE user_id = $1`, [hospital.idOf('park')]); // prettier-ignore
    hospital.desk.wait(16 * 60_000);
    expect((await socket.closed).code).toBe(4403);
    expect(await hospital.count(`SELECT extract(epoch FROM max(last_used_at)) FROM session WHERE user_id = $1`, [hospital.idOf('park')])).toBe(used); // prettier-ignore
    await hospital.signEverybodyIn();
  });

  test('a socket that takes nothing is closed, and holds up nobody', async () => {
    const slow = await socketOf('park');
    slow.socket.pause();
    for (let n = 0; n < 200; n += 1) slow.say({ type: 'ping', payload: { x: 'x'.repeat(100_000) } });
    const quick = await socketOf('brandt');
    quick.subscribe('1', ENTRIES);
    await hospital.as('adeyemi').get(`{ patient(id: "${patient.id}") { mrn } }`);
    await quick.event('1');
    slow.socket.resume();
    expect([1006, 1013]).toContain((await slow.closed).code);
    await quick.leave();
  });
});

/** Resolves once this person follows this patient: opening is an entry. */
async function watching(patientId: string, name: Parameters<Hospital['idOf']>[0]): Promise<void> {
  await until(async () => {
    const entries = await hospital.entries();
    return entries.some(({ a, p, by }) => a === 'watch' && p[0] === patientId && by.u === hospital.idOf(name));
  });
}
