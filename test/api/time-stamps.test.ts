import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, SettingsError } from '../../server/config/config';
import { timeStampRequest, tokenIn } from '../../server/ledger';
import { verifyDirectory } from '../../verifier/verify-directory';
import { withTimeStamps } from '../../verifier/time-stamps';
import { openFrontDesk, type FrontDesk } from '../support/front-desk';
import { LocalAuthority } from '../support/time-stamping';
import { asSuperuser } from '../support/superuser';

/** Checkpoints stamped by an authority of OpenSSL's over HTTP. */
let authority: LocalAuthority;
let foreign: LocalAuthority;
let desk: FrontDesk;
let folder: string;
beforeAll(async () => {
  [authority, foreign] = [new LocalAuthority(), new LocalAuthority()];
  folder = await mkdtemp(join(tmpdir(), 'chartseal-stamps-'));
  desk = await openFrontDesk({ TIME_STAMP_URL: await authority.listen(), TIME_STAMP_CA_FILE: authority.caFile });
  await desk.hire('Auditor Brandt', 'AUDITOR');
  await signedMore(0);
});
afterAll(async () => {
  await desk?.close();
  await authority.close();
  await foreign.close();
  await rm(folder, { recursive: true, force: true });
});

const stamps = () => desk.runtime.auditLog.timeStamps!;
const kept = () => asSuperuser<{ size: string }>(desk.runtime, 'SELECT size::text FROM audit_time_stamp ORDER BY size');
const newest = async () =>
  Number((await asSuperuser<{ n: string }>(desk.runtime, 'SELECT coalesce(max(size), 0) AS n FROM audit_checkpoint'))[0]!.n); // prettier-ignore

/** Waits for a checkpoint of more entries than these. */
async function signedMore(than: number): Promise<number> {
  for (;;) {
    const size = await newest();
    if (size > than) return size;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('an authority goes with its certificates', () => {
  expect(() => readConfig({ TIME_STAMP_URL: 'https://tsa.example' })).toThrow(SettingsError);
  expect(() => readConfig({ TIME_STAMP_URL: 'ftp://tsa.example', TIME_STAMP_CA_FILE: 'ca.pem' })).toThrow(SettingsError); // prettier-ignore
  expect(readConfig({}).timeStamps).toBeNull();
});

test('an answer that is wrong is not kept, and sealing goes on', async () => {
  const changeAt = (find: Buffer, by: number) => (request: Buffer) => {
    const changed = Buffer.from(request);
    const at = find.length > 0 ? changed.indexOf(find) + find.length : changed.length;
    changed[at + by]! ^= 1;
    return changed;
  };
  authority.swap = changeAt(Buffer.alloc(0), -5);
  await expect(stamps().stamp()).rejects.toThrow(/nonce/);
  authority.swap = changeAt(Buffer.from('05000420', 'hex'), 3);
  await expect(stamps().stamp()).rejects.toThrow('it is of other bytes');
  authority.swap = null;
  authority.signer = 'ended';
  await expect(stamps().stamp()).rejects.toThrow(/no authority/);
  authority.signer = 'tsa';
  authority.status = 503;
  await expect(stamps().stamp()).rejects.toThrow(/503/);
  authority.status = 200;
  const answer = jest.spyOn(authority, 'reply').mockImplementation((request) => foreign.reply(request, 'tsa'));
  await expect(stamps().stamp()).rejects.toThrow(/no authority/);
  answer.mockRestore();
  expect(await kept()).toEqual([]);
  expect((await desk.runtime.auditLog.status()).timeStampedSize).toBeNull();
  const before = await newest();
  await desk.hire('Nurse Lindqvist', 'NURSE');
  expect(await signedMore(before)).toBeGreaterThan(before);
});

test('the newest checkpoint is stamped, not again before it is time, nor when nothing came', async () => {
  const asked = authority.asked;
  expect(await Promise.all([stamps().stamp(), stamps().stamp()])).toContain(true);
  expect(await stamps().stamp()).toBe(false);
  const size = await newest();
  expect(await stamps().stamp(0)).toBe(size > Number((await kept()).at(-1)!.size));
  const status = await desk.runtime.auditLog.status();
  expect(status.timeStampedSize).toBe(Number((await kept()).at(-1)!.size));
  expect(Math.abs(status.timeStampedAt!.valueOf() - Date.now())).toBeLessThan(60_000);
  expect(authority.asked - asked).toBe((await kept()).length);
});

test('nobody changes or removes a stamp, and the application does not make one', async () => {
  for (const sql of ['UPDATE audit_time_stamp SET size = 1', 'DELETE FROM audit_time_stamp', 'TRUNCATE audit_time_stamp'])
    await expect(asSuperuser(desk.runtime, sql)).rejects.toThrow(/append-only/);
  await expect(desk.runtime.dataSource.query(`INSERT INTO audit_time_stamp VALUES (1, 1, '', '', now())`)).rejects.toThrow(/permission denied/); // prettier-ignore
}); // prettier-ignore

test('an export carries them: the verifier believes them by the authority alone, and so does OpenSSL', async () => {
  await desk.runtime.auditLog.export(folder, { verifier: join(__dirname, '../../verifier/main.ts') });
  const { verdict } = await verifyDirectory(folder);
  const place = join(folder, 'time-stamps');
  const tokens = (await readdir(place)).filter((name) => name.endsWith('.tst')).sort();
  expect(tokens.length).toBe((await kept()).length);
  const [token, note] = [join(place, tokens[0]!), join(place, tokens[0]!.replace('.tst', '.checkpoint'))];
  const bytes = [await readFile(token), await readFile(note)] as const;
  expect(authority.accepts(...bytes)).toBe(true);
  const judged = (caFile?: string) => withTimeStamps(verdict, folder, caFile);
  expect(await judged()).toEqual(verdict);
  expect(await judged(authority.caFile)).toMatchObject({ word: 'OK', finding: expect.stringMatching(/time-stamped at \d{4}-/) }); // prettier-ignore
  expect(await judged(foreign.caFile)).toMatchObject({ word: 'TAMPERED', finding: expect.stringMatching(/no authority/) }); // prettier-ignore

  await writeFile(note, bytes[1].toString().replace(/\n\d+\n/, '\n1\n'));
  expect(await judged(authority.caFile)).toMatchObject({ word: 'TAMPERED', finding: expect.stringMatching(/no checkpoint/) }); // prettier-ignore
  await writeFile(note, bytes[1]);
  await writeFile(token, stampOf(Buffer.from('another log')));
  expect(await judged(authority.caFile)).toMatchObject({ word: 'TAMPERED', finding: expect.stringMatching(/other bytes/) }); // prettier-ignore
  await rm(place, { recursive: true });
  expect(await judged(authority.caFile)).toMatchObject({ word: 'INCOMPLETE' });
});

function stampOf(data: Buffer): Buffer {
  return tokenIn(authority.reply(timeStampRequest(data, Buffer.of(1, 2, 3))));
}
