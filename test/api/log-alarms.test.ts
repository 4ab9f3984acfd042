import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { pino } from 'pino';
import { LogAlarms } from '../../server/audit/alarms';
import { AlarmsWatch, type AlarmLimits } from '../../server/audit/alarms-watch';
import { runIn } from '../../server/crypto/access-scope';
import { poolOf } from '../../server/database/reader';
import { systemContext } from '../../server/graphql/context';
import {
  EMPTY_ROOT,
  readCheckpoint,
  readPolicy,
  signatureTypes,
  signCheckpoint,
  writeVerifierKey,
  type Policy,
  type Verdict,
} from '../../server/ledger';
import { Metrics } from '../../server/platform/metrics';
import { Dba } from '../security/ledger-dba';
import { Hospital } from '../support/hospital';
import { superuserUrl } from '../support/superuser';
import { allSealed, untilFigure } from '../support/until';

// What the hospital is told when something is wrong with its log: every server raises, all see, an administrator answers.

let hospital: Hospital;
let said: { alarm?: string; msg: string }[];
let metrics: Metrics;

beforeAll(async () => {
  hospital = await Hospital.open();
});
afterAll(() => hospital.close());

beforeEach(async () => {
  said = [];
  metrics = new Metrics();
  await hospital.sql('DELETE FROM audit_alarm');
});

const LIST = '{ logAlarms { id kind finding entryIndex requestId raisedAt endedAt acknowledgedAt note } }';
const ACKNOWLEDGE = `mutation ($input: AcknowledgeLogAlarmInput!) {
  acknowledgeLogAlarm(input: $input) { id acknowledgedAt note acknowledgedBy { name } } }`;

interface Told {
  id: string;
  kind: string;
  finding: string;
  entryIndex: number | null;
  requestId: string | null;
}

const told = async () => (await hospital.as('park').get<{ logAlarms: Told[] }>(LIST)).logAlarms;

const patient: AlarmLimits = { signedMs: 900_000, cosignedMs: 900_000, pendingMs: 10_000 };

/** What one server of the hospital has for eyes. */
function server(policy: Policy | null = null, limits: AlarmLimits = patient) {
  const { dataSource, auditLog } = hospital.runtime;
  const logger = pino({}, { write: (line: string) => void said.push(JSON.parse(line) as { msg: string }) });
  const verifier = { keys: [auditLog.publicKey], verdict: verdict({}) };
  const alarms = new LogAlarms(dataSource);
  return new AlarmsWatch({ pool: poolOf(dataSource), alarms, verifier, policy, logger, metrics }, limits);
}

function verdict(about: Partial<Verdict>): Verdict {
  return { word: 'OK', size: 30, root: EMPTY_ROOT, at: null, finding: null, ...about };
}

const broken = verdict({ word: 'TAMPERED', at: 13, finding: 'leaf hash: expected aa, found bb' });
const gauge = async (name: string) => (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name)); // prettier-ignore

test('a broken log: one alarm however many servers see it, on every server, in the log itself, until Admin Park answers', async () => {
  const before = await hospital.entries();
  await Promise.all([server().tell(broken, true), server().tell(broken, false)]);
  await server().tell(broken, true);
  const [alarm, ...more] = await told();
  expect(more).toEqual([]);
  expect(alarm).toMatchObject({ kind: 'BROKEN', entryIndex: 13, finding: `TAMPERED: ${broken.finding}` });
  expect(await gauge('chartseal_audit_log_intact ')).toEqual(['chartseal_audit_log_intact 0']);
  expect(await gauge('chartseal_audit_alarms{kind="BROKEN"}')).toEqual(['chartseal_audit_alarms{kind="BROKEN"} 1']);
  const raised = (await hospital.entries()).slice(before.length).filter(({ a }) => a === 'alarm');
  expect(raised).toEqual([expect.objectContaining({ k: 'failed', o: { t: 'alarm', i: alarm!.id }, f: ['BROKEN'] })]);

  const input = { id: alarm!.id, note: 'Restored from the copy of the auditor' };
  const answers = await Promise.all([1, 2].map(() => hospital.as('park').ask(ACKNOWLEDGE, { input })));
  expect(answers.map(({ code }) => code).sort()).toEqual(['BAD_USER_INPUT', undefined]);
  expect(answers.find(({ code }) => !code)!.data!.acknowledgeLogAlarm).toMatchObject({
    note: input.note,
    acknowledgedBy: { name: 'Admin Park' },
  });
  expect(await told()).toEqual([]);
  const entries = (await hospital.entries()).filter(({ a }) => a === 'acknowledge');
  expect(entries).toEqual([
    expect.objectContaining({ by: expect.objectContaining({ u: hospital.idOf('park') }) as unknown, why: input.note }),
  ]);

  // still broken: known, and not told again; whole again and broken anew: told again
  await server().tell(broken, true);
  expect(await told()).toEqual([]);
  await server().tell(verdict({}), false);
  await server().tell(broken, true);
  expect(await told()).toEqual([]);
  await server().tell(verdict({}), true);
  await server().tell(broken, true);
  expect(await told()).toHaveLength(1);
});

test('a broken log that verifies again is told of until somebody takes note', async () => {
  await server().tell(broken, true);
  await server().tell(verdict({ word: 'TAMPERED', at: 20, finding: 'the clock went back', clock: true }), true);
  await server().tell(verdict({}), true);
  expect((await told()).map(({ kind }) => kind)).toEqual(['CLOCK', 'BROKEN']);
  expect(await gauge('chartseal_audit_log_intact ')).toEqual(['chartseal_audit_log_intact 0']);
});

test('an alarm taken out of its table comes back, and its entry never left', async () => {
  const eyes = server();
  await eyes.tell(broken, true);
  await hospital.sql('DELETE FROM audit_alarm');
  await eyes.look();
  expect(await told()).toHaveLength(1);
});

test('vanished entries name their requests; many at once are one alarm', async () => {
  await server().onVanished(['q-1', 'q-2', 'q-1']);
  expect((await told()).map(({ requestId }) => requestId).sort()).toEqual(['q-1', 'q-2']);
  await server().onVanished(Array.from({ length: 500 }, (_, n) => `many-${n}`));
  const alarms = await told();
  expect(alarms).toHaveLength(3);
  expect(alarms[0]).toMatchObject({ kind: 'VANISHED', requestId: 'many-0' });
  expect(alarms[0]!.finding).toMatch(/499 requests more/);
});

test('nothing newer signed, and not by witnesses: told when it holds, over when it does not', async () => {
  await record();
  await signed();
  const line = writeVerifierKey({ name: 'one', key: hospital.runtime.auditLog.publicKey }, signatureTypes.cosignature);
  const late = server(readPolicy(`witness one ${line}\nquorum one\n`), { ...patient, signedMs: -1, cosignedMs: -1 });
  await late.look();
  expect(await told()).toEqual([]); // a server just started first signs what it finds
  await late.look();
  const findings = (await told()).map(({ kind, finding }) => `${kind} ${finding}`).sort();
  expect(findings).toEqual([
    expect.stringMatching(/^STALE The newest checkpoint was signed at 20/) as string,
    expect.stringMatching(/^STALE Witnesses have not signed since 20/) as string,
  ]);
  expect(said.map(({ alarm }) => alarm)).toEqual(['STALE', 'STALE']);
  await late.look();
  expect(said).toHaveLength(2);
  await server().look();
  expect(await told()).toEqual([]);
  const { alarms } = (await hospital.as('brandt').get<{ auditLog: { alarms: { endedAt: string | null }[] } }>('{ auditLog { alarms { endedAt } } }')).auditLog; // prettier-ignore
  expect(alarms.map(({ endedAt }) => endedAt)).toEqual([expect.any(String), expect.any(String)]);
});

test('a checkpoint that only its column calls new is old: the signed time counts', async () => {
  await signed();
  const [kept] = await hospital.sql<{ note: string }>('SELECT note FROM audit_newest_checkpoint');
  const key = createPrivateKey(await readFile(hospital.runtime.config.logSigningKeyFile, 'utf8'));
  const hourAgo = signCheckpoint(readCheckpoint(kept!.note)!, key, new Date(Date.now() - 3_600_000));
  await hospital.sql('UPDATE audit_newest_checkpoint SET note = $1, at = now()', [hourAgo]);
  const eyes = server();
  for (let looks = 0; looks < 2; looks += 1) await eyes.look();
  expect((await told()).map(({ kind }) => kind)).toEqual(['STALE']);
  await hospital.sql('UPDATE audit_newest_checkpoint SET note = $1', [kept!.note]);
});

test('entries that are not sealed', async () => {
  const holder = new Client({ connectionString: superuserUrl(hospital.runtime) });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM audit_head FOR UPDATE'); // nobody can seal
  const eyes = server(null, { ...patient, pendingMs: 0 });
  try {
    await record();
    for (let looks = 0; looks < 2; looks += 1) await eyes.look();
    expect((await told()).map(({ kind }) => kind)).toEqual(['BACKLOG']);
  } finally {
    await holder.query('ROLLBACK');
    await holder.end();
  }
  await allSealed(hospital);
  await eyes.look();
  expect(await told()).toEqual([]);
});

test('the application can raise and answer, and neither change what an alarm says nor take it away', async () => {
  await server().tell(broken, true);
  const { dataSource } = hospital.runtime;
  for (const attack of ['DELETE FROM audit_alarm', "UPDATE audit_alarm SET finding = 'x'", 'TRUNCATE audit_alarm']) {
    await expect(dataSource.query(attack)).rejects.toMatchObject({ code: '42501' });
  }
});

test('Auditor Brandt sees alarms and answers for none; Dr Adeyemi and a stranger see none', async () => {
  await server().tell(broken, true);
  const [alarm] = await told();
  const input = { id: alarm!.id, note: 'It is nothing' };
  expect((await hospital.as('brandt').ask(ACKNOWLEDGE, { input })).code).toBe('FORBIDDEN');
  for (const [person, code] of [
    ['adeyemi', 'FORBIDDEN'],
    ['lindqvist', 'FORBIDDEN'],
  ] as const) {
    expect((await hospital.as(person).ask(LIST)).code).toBe(code);
    expect((await hospital.as(person).ask('{ auditLog { alarms { id } } }')).code).toBe(code);
  }
  expect((await hospital.stranger.ask(LIST)).code).toBe('UNAUTHENTICATED');
  expect((await hospital.as('park').ask(ACKNOWLEDGE, { input: { ...input, note: '' } })).code).toBe('BAD_USER_INPUT');
  expect(await hospital.as('brandt').get(LIST)).toMatchObject({ logAlarms: [{ id: alarm!.id }] });
});

test('a server that watches raises by itself and puts it right by itself', async () => {
  const { auditLog } = hospital.runtime;
  auditLog.watch();
  const dba = await Dba.of(superuserUrl(hospital.runtime));
  await allSealed(hospital);
  await dba.run('UPDATE audit_entry SET leaf = sha256(leaf) WHERE index = 3');
  expect(await auditLog.verifyAll()).toMatchObject({ word: 'TAMPERED', at: 3 });
  expect(await told()).toEqual([expect.objectContaining({ kind: 'BROKEN', entryIndex: 3 })]);
  const [alarm] = await told();
  await hospital.as('park').get(ACKNOWLEDGE, { input: { id: alarm!.id, note: 'Looked into' } });
  const kept =
    'SELECT kind, place, ended_at IS NOT NULL AS over, acknowledged_at IS NOT NULL AS noted FROM audit_alarm';
  expect(await hospital.sql(kept)).toEqual([{ kind: 'BROKEN', place: '3', over: false, noted: true }]);
  expect(await told()).toEqual([]);
  const state = async () =>
    (await hospital.as('park').get<{ auditLog: { state: string; brokenAt: number } }>('{ auditLog { state brokenAt } }')).auditLog; // prettier-ignore
  expect(await state()).toEqual({ state: 'BROKEN', brokenAt: 3 }); // noted, not mended
  await dba.run("UPDATE audit_entry SET leaf = sha256('\\x00'::bytea || entry) WHERE index = 3");
  await dba.end();
  await hospital.as('park').get('mutation { verifyAuditLog { state } }');
  expect(await state()).toEqual({ state: 'VERIFIED', brokenAt: null });
  expect(await hospital.count('SELECT count(*) FROM audit_alarm WHERE ended_at IS NULL')).toBe(0);
});

const record = () => runIn(systemContext('test'), () => hospital.runtime.base.audit.record({ action: 'read' }));

/** Waits until the log is signed as it stands. */
async function signed(): Promise<void> {
  await allSealed(hospital);
  await untilFigure(
    hospital,
    'SELECT h.size - coalesce(n.size, 0) FROM audit_head h LEFT JOIN audit_newest_checkpoint n USING (one)',
  );
}
