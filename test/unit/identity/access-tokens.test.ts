import { sign } from 'jsonwebtoken';
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { ClientTokens } from '../../../server/api-clients/client-tokens';
import { AccessTokens } from '../../../server/identity/access-tokens';
import { newId } from '../../../server/platform/ids';

const start = new Date('2026-03-01T08:00:00Z');
const secret = randomBytes(32);
const adeyemi = { id: newId(), role: 'DOCTOR' as const };
const session = newId();
let now = start;
const tokens = new AccessTokens(secret, { now: () => now });
const key = createSecretKey(secret);
const claims = { iss: 'chartseal', sub: adeyemi.id, sid: session, iat: seconds(start), exp: seconds(start) + 900 };

const endless = { iss: claims.iss, sub: claims.sub, sid: claims.sid, iat: claims.iat };

beforeEach(() => {
  now = start;
});

describe('access tokens', () => {
  test('name their user and session for fifteen minutes', () => {
    const { token, expiresAt } = tokens.issue(adeyemi, session);
    expect(expiresAt).toEqual(new Date('2026-03-01T08:15:00Z'));
    expect(tokens.read(token)).toEqual({ userId: adeyemi.id, sessionId: session });
    now = new Date('2026-03-01T08:14:59Z');
    expect(tokens.read(token)).not.toBeNull();
    now = new Date('2026-03-01T08:15:00Z');
    expect(tokens.read(token)).toBeNull();
  });

  test('carry neither name nor address', () => {
    const body = tokens.issue(adeyemi, session).token.split('.')[1]!;
    const read = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    expect(Object.keys(read).sort()).toEqual(['exp', 'iat', 'iss', 'role', 'sid', 'sub']);
  });

  test('a well-made token of the same shape is read (so that the refusals below mean something)', () => {
    expect(tokens.read(sign(claims, key, { algorithm: 'HS256' }))).not.toBeNull();
  });

  test('a person’s is none of a client’s, nor the other way round, even were their keys the same', () => {
    const clients = new ClientTokens(secret, { now: () => now });
    const theirs = clients.issue(newId(), newId(), 'patient.read');
    expect(clients.read(theirs)).not.toBeNull();
    expect([tokens.read(theirs), clients.read(tokens.issue(adeyemi, session).token)]).toEqual([null, null]);
    const aimed = (aud: string) => sign({ ...claims, cid: newId(), scope: '', aud }, key, { algorithm: 'HS256', header: { alg: 'HS256', typ: 'at+jwt' } }); // prettier-ignore
    expect([clients.read(aimed('chartseal api')), clients.read(aimed('elsewhere'))]).toEqual([expect.anything(), null]);
  });

  test.each<[string, () => string]>([
    ['unsigned, alg none', () => sign(claims, null, { algorithm: 'none' })],
    ['signed with another key', () => sign(claims, randomBytes(32), { algorithm: 'HS256' })],
    ['signed with another algorithm of the same key', () => sign(claims, key, { algorithm: 'HS384' })],
    ['signed by a public-key algorithm', () => sign(claims, rsaKey(), { algorithm: 'RS256' })],
    ['issued by somebody else', () => sign({ ...claims, iss: 'elsewhere' }, key, { algorithm: 'HS256' })],
    ['without an end', () => sign(endless, key, { algorithm: 'HS256' })],
    ['without a session', () => sign({ ...endless, exp: claims.exp, sid: null }, key, { algorithm: 'HS256' })],
    ['naming a session that is no id', () => sign({ ...claims, sid: "' OR 1=1" }, key, { algorithm: 'HS256' })],
    ['not valid before tomorrow', () => sign({ ...claims, nbf: claims.iat + 86_400 }, key, { algorithm: 'HS256' })],
    ['with a changed body', () => tampered(tokens.issue(adeyemi, session).token)],
    ['empty', () => ''],
    ['three dots', () => '...'],
    ['far too long', () => `${'a'.repeat(5000)}.b.c`],
  ])('%s: refused', (_name, make) => {
    expect(tokens.read(make())).toBeNull();
  });
});

function tampered(token: string): string {
  const [head, body, tag] = token.split('.') as [string, string, string];
  const claimed = { ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), sub: newId() };
  return [head, Buffer.from(JSON.stringify(claimed)).toString('base64url'), tag].join('.');
}

function rsaKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function seconds(date: Date): number {
  return date.getTime() / 1000;
}
