import { mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairFaults, publicUrlOf, readConfig, SettingsError } from '../../../server/config/config';
import { makePair, type Pair } from '../../support/certificates';

const DAY_MS = 86_400_000;
let folder: string;
let own: Pair;
let others: Pair;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartseal-tls-'));
  own = makePair(folder, 'own');
  others = makePair(folder, 'others');
});
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(settings: Record<string, string>): Record<string, string> {
  try {
    readConfig(settings);
  } catch (error) {
    return Object.fromEntries((error as SettingsError).faults.map(({ name, message }) => [name, message]));
  }
  return {};
}

test('a certificate and its key make an https address; PUBLIC_URL may not say otherwise', () => {
  const config = readConfig({ TLS_CERT_FILE: own.cert, TLS_KEY_FILE: own.key });
  expect(config.tls).toEqual({ certFile: own.cert, keyFile: own.key });
  expect(publicUrlOf(config)).toBe('https://localhost:4000');
  expect(publicUrlOf(readConfig({}))).toBe('http://localhost:4000');
  const settings = { TLS_CERT_FILE: own.cert, TLS_KEY_FILE: own.key, PUBLIC_URL: 'http://records.example.org' };
  expect(faultsOf(settings)).toEqual({ PUBLIC_URL: 'must be https with a TLS_CERT_FILE' });
});

test('what is wrong with them is said with all other faults', () => {
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  expect(faultsOf({ TLS_CERT_FILE: own.cert })).toEqual({ TLS_KEY_FILE: 'goes with TLS_CERT_FILE' });
  expect(faultsOf({ TLS_KEY_FILE: own.key })).toEqual({ TLS_CERT_FILE: 'goes with TLS_KEY_FILE' });
  expect(faultsOf({ TLS_CERT_FILE: join(folder, 'none'), TLS_KEY_FILE: empty, PORT: 'x' })).toEqual({
    TLS_CERT_FILE: 'names a file that cannot be read',
    TLS_KEY_FILE: 'holds no private key (PEM, without a passphrase)',
    PORT: 'must be a whole number from 0 to 65535',
  });
  expect(faultsOf({ TLS_CERT_FILE: own.key, TLS_KEY_FILE: others.key })).toEqual({
    TLS_CERT_FILE: 'holds no certificate (PEM)',
  });
  expect(faultsOf({ TLS_CERT_FILE: own.cert, TLS_KEY_FILE: others.key })).toEqual({
    TLS_KEY_FILE: 'is not the key of the certificate in TLS_CERT_FILE',
  });
});

test.each([
  ['expired', 3, /^expired on /],
  ['not yet valid', -3, /^is not valid before /],
])('one that is %s is a fault', (_what, days, message) => {
  const [cert, key] = [readFileSync(own.cert, 'utf8'), readFileSync(own.key, 'utf8')];
  const faults = pairFaults(cert, key, new Date(Date.now() + days * DAY_MS));
  expect(faults).toEqual([{ name: 'TLS_CERT_FILE', message: expect.stringMatching(message) as string }]);
});

test('proxies are told by number or by place, nothing else', () => {
  expect(readConfig({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
  expect(readConfig({ TRUST_PROXY: '10.0.0.5, 10.1.0.0/16,2001:db8::/32, loopback' }).trustProxy).toEqual([
    '10.0.0.5',
    '10.1.0.0/16',
    '2001:db8::/32',
    'loopback',
  ]);
  for (const wrong of ['11', '-1', 'true', '*', '10.0.0.0/0', '10.0.0.0/33', 'proxy.example.org', '10.0.0.5,']) {
    expect(faultsOf({ TRUST_PROXY: wrong })).toHaveProperty('TRUST_PROXY');
  }
});

test('foreign origins are exact and safe', () => {
  const { corsOrigins } = readConfig({ CORS_ORIGINS: 'https://charts.example.org/, http://localhost:5173' });
  expect([...corsOrigins]).toEqual(['https://charts.example.org', 'http://localhost:5173']);
  for (const wrong of ['*', 'null', 'https://*.example.org', 'http://charts.example.org', 'https://a.example/path', 'a.example', 'https://a.example,']) {
    expect(faultsOf({ CORS_ORIGINS: wrong })).toHaveProperty('CORS_ORIGINS');
  }
}); // prettier-ignore
