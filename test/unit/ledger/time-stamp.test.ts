import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTimeStamp, readCertificates, TimeStampError, timeStampRequest, tokenIn } from '../../../server/ledger';
import { LocalAuthority } from '../../support/time-stamping';

/** Tokens made by OpenSSL; each verdict is compared with that of OpenSSL itself. */
let authority: LocalAuthority;
let foreign: LocalAuthority;
beforeAll(() => {
  authority = new LocalAuthority();
  foreign = new LocalAuthority();
});
afterAll(async () => {
  await authority.close();
  await foreign.close();
});

const data = Buffer.from('chartseal/log\n42\nroot\n');
const trusted = (of = authority) => readCertificates(readFileSync(of.caFile, 'utf8'));
const stamped = (by: string, of = authority, nonce = randomBytes(16)) =>
  tokenIn(of.reply(timeStampRequest(data, nonce), by));
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof TimeStampError) return error.message;
    throw error;
  }
  return 'accepted';
};

test('a request says to OpenSSL what it should', () => {
  const path = join(authority.folder, 'asked.tsq');
  writeFileSync(path, timeStampRequest(data, Buffer.of(0x80, 1)));
  const text = execFileSync('openssl', ['ts', '-query', '-in', path, '-text']).toString();
  expect(text).toMatch(/Version: 1[^]*sha256[^]*Nonce: 0x8001[^]*Certificate required: yes/);
});

test.each(['tsa', 'rsa'])('a token of %s counts for its bytes, its nonce and its authority, as OpenSSL says', (by) => {
  for (const nonce of [randomBytes(16), Buffer.of(0, 0, 7), Buffer.of(0xff, 1)]) {
    const token = stamped(by, authority, nonce);
    const time = openTimeStamp(token, { data, nonce, authorities: trusted() });
    expect(Math.abs(time.valueOf() - Date.now())).toBeLessThan(60_000);
    expect(authority.accepts(token, data)).toBe(true);
  }
});

test('other bytes, another nonce, a foreign authority: refused', () => {
  const token = stamped('tsa');
  const other = Buffer.from('chartseal/log\n43\nroot\n');
  expect(refusal(() => openTimeStamp(token, { data: other, authorities: trusted() }))).toBe('it is of other bytes');
  expect(authority.accepts(token, other)).toBe(false);
  expect(refusal(() => openTimeStamp(token, { data, nonce: randomBytes(16), authorities: trusted() }))).toMatch(
    /nonce/,
  );
  expect(refusal(() => openTimeStamp(token, { data, authorities: trusted(foreign) }))).toMatch(/no authority/);
  expect(authority.accepts(token, data, foreign.caFile)).toBe(false);
  expect(refusal(() => openTimeStamp(token, { data, authorities: [] }))).toMatch(/no authority/);
});

test('a certificate that had ended, or that somebody who is no authority issued: refused', () => {
  // OpenSSL's authority does not stamp with a certificate that has ended; the walk is asked about another time instead
  const token = stamped('tsa');
  const below = readCertificates(readFileSync(join(authority.folder, 'below.pem'), 'utf8'));
  expect(refusal(() => openTimeStamp(token, { data, authorities: below }))).toMatch(/no authority/);
  const ended = readCertificates(readFileSync(join(authority.folder, 'ended.pem'), 'utf8'));
  expect(refusal(() => openTimeStamp(token, { data, authorities: ended }))).toMatch(/no authority/);
  expect(refusal(() => openTimeStamp(stamped('ended'), { data, authorities: trusted() }))).toMatch(/no authority/);
  expect(refusal(() => openTimeStamp(stamped('below'), { data, authorities: trusted() }))).toMatch(/no authority/);
});

test.each([
  ['tsa', 'accepted'],
  ['lax', 'its certificate is not one for time stamping alone'],
  ['broad', 'its certificate is not one for time stamping alone'],
])('signed by %s: %s', (by, told) => {
  const token = authority.signedBy(by, stamped('tsa'));
  expect(refusal(() => openTimeStamp(token, { data, authorities: trusted() }))).toBe(told);
  expect(authority.accepts(token, data)).toBe(told === 'accepted');
});

test('whichever byte is changed, the token does not count, but for those that nothing hangs on', () => {
  const token = stamped('tsa');
  const time = openTimeStamp(token, { data, authorities: trusted() });
  let taken = 0;
  for (let at = 0; at < token.length; at += 3) {
    const changed = Buffer.from(token);
    changed[at]! ^= 1;
    const open = () => openTimeStamp(changed, { data, authorities: trusted() });
    if (refusal(open) !== 'accepted') continue;
    taken += 1; // version numbers, the list of digests: outside what is signed
    expect(open()).toEqual(time);
  }
  expect(taken).toBeLessThan(15);
  for (let length = 0; length < token.length; length += 31)
    expect(refusal(() => openTimeStamp(token.subarray(0, length), { data, authorities: trusted() }))).not.toBe('accepted'); // prettier-ignore
});

test('what is no answer, or a refusal, has no token', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.of(0x30, 0x80),
    Buffer.of(0x30, 0x03, 0x02, 0x01, 0x02),
    randomBytes(64),
  ])
    expect(refusal(() => tokenIn(bytes))).not.toBe('accepted');
  expect(refusal(() => tokenIn(authority.reply(Buffer.from('not a request'))))).toMatch(/refused/);
});
