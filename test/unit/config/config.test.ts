import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig, SettingsError } from '../../../server/config/config';
import { describeRootKey } from '../../../server/config/root-key';

function faultsOf(environment: Record<string, string>): Record<string, string> {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.faults.map(({ name, message }) => [name, message]));
  }
  return {};
}

describe('settings', () => {
  test('which roles want a second factor: ADMIN, none in the demo, or as it is said', () => {
    const rolesOf = (set: Record<string, string>) => readConfig(set).mfaRequiredRoles;
    expect(rolesOf({ DEMO: 'off' })).toEqual(['ADMIN']);
    expect(rolesOf({ DATABASE_URL: 'postgres://u:p@localhost/x' })).toEqual(['ADMIN']);
    expect(rolesOf({ MFA_REQUIRED_ROLES: 'none', DEMO: 'off' })).toEqual([]);
    expect(rolesOf({ MFA_REQUIRED_ROLES: 'admin, Doctor' })).toEqual(['ADMIN', 'DOCTOR']);
    expect(() => readConfig({ MFA_REQUIRED_ROLES: 'admin;doctor' })).toThrow(/MFA_REQUIRED_ROLES/);
  });

  test('an empty environment is an embedded hospital with the demo, on loopback', () => {
    expect(readConfig({})).toEqual({
      host: 'localhost',
      port: 4000,
      dataDir: resolve('var'),
      databaseUrl: null,
      demo: true,
      careTeam: true,
      graphiql: true,
      production: false,
      publicUrl: null,
      tls: null,
      trustProxy: 0,
      corsOrigins: new Set(),
      breakGlassPerHour: 20,
      rootKey: { kind: 'file', path: resolve('var/root.key') },
      logSigningKeyFile: resolve('var/log-signing.key'),
      metricsToken: null,
      poolSize: 10,
      bcryptCost: null,
      mfaRequiredRoles: [],
      oidc: null,
      snooping: {
        rules: null,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        burstPatients: 100,
        burstMinutes: 60,
        burstFactor: 3,
        oddHours: { from: 23, to: 5 },
      },
      logLevel: 'warn',
      bodyLimitBytes: 1_048_576,
      costPerMinute: 200_000,
      statementTimeoutMs: 30_000,
      trustedDocuments: [],
      keyMaxAgeDays: 365,
      namePrefixSearch: true,
      ownerDatabaseUrl: null,
      sealerDatabaseUrl: null,
      witnessPolicy: null,
      yearlyShards: true,
      timeStamps: null,
    });
  });

  test('a server of its own means no demo, production means no GraphiQL, and both can be said otherwise', () => {
    const url = 'postgres://chartseal:secret@db:5432/chartseal';
    expect(readConfig({ DATABASE_URL: url, NODE_ENV: 'production' })).toMatchObject({
      databaseUrl: url,
      demo: false,
      graphiql: false,
      production: true,
      logLevel: 'info',
    });
    expect(readConfig({ DATABASE_URL: url, DEMO: 'on', NODE_ENV: 'production', GRAPHIQL: 'on' })).toMatchObject({
      demo: true,
      graphiql: true,
    });
  });

  test('every fault is told at once, by name and without the value', () => {
    const wrong = {
      NODE_ENV: 'staging',
      HOST: 'not a host',
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      DEMO: 'maybe',
      CARE_TEAM: 'sometimes',
      GRAPHIQL: '2',
      PUBLIC_URL: 'https://records.example.org/path',
      TRUST_PROXY: '-1',
      CORS_ORIGINS: 'https://*.example.org',
      TLS_KEY_FILE: '/nowhere/key.pem',
      TLS_CERT_FILE: '/nowhere/cert.pem',
      BREAK_GLASS_PER_HOUR: '0',
      ROOT_KEY: 'abcdef',
      METRICS_TOKEN: 'short',
      POOL_SIZE: '1',
      BCRYPT_COST: '4',
      LOG_LEVEL: 'loud',
      BODY_LIMIT_BYTES: 'much',
      COST_PER_MINUTE: '-5',
      STATEMENT_TIMEOUT_MS: '5',
    };
    const faults = faultsOf(wrong);
    expect(Object.keys(faults).sort()).toEqual(Object.keys(wrong).sort());
    const text = Object.values(faults).join('\n');
    for (const secret of ['hunter2', 'abcdef', 'short']) expect(text).not.toContain(secret);
  });

  test('a faulty secret file is told together with the other faults', () => {
    expect(faultsOf({ DATABASE_URL_FILE: '/nowhere/at/all', PORT: 'x' })).toEqual({
      DATABASE_URL_FILE: 'names a file that cannot be read: /nowhere/at/all',
      PORT: 'must be a whole number from 0 to 65535',
    });
    const twice = faultsOf({ ROOT_KEY: '0'.repeat(64), ROOT_KEY_FILE: '/run/secrets/root', PORT: 'x' });
    expect(Object.keys(twice)).toEqual(['ROOT_KEY', 'PORT']);
  });

  test('secrets may be files, as container secrets are', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chartseal-settings-'));
    try {
      const path = join(folder, 'url');
      writeFileSync(path, 'postgres://chartseal@db/chartseal\n');
      expect(readConfig({ DATABASE_URL_FILE: path })).toMatchObject({
        databaseUrl: 'postgres://chartseal@db/chartseal',
        demo: false,
      });
      expect(faultsOf({ DATABASE_URL_FILE: path, DATABASE_URL: 'postgres://a@b/c' })).toHaveProperty('DATABASE_URL');
      writeFileSync(path, '\n');
      expect(faultsOf({ DATABASE_URL_FILE: path })).toEqual({ DATABASE_URL_FILE: 'names an empty file' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('empty values count as unset, an origin loses its slash, a root key may be given as hexadecimal', () => {
    const hex = 'AB'.repeat(32);
    expect(readConfig({ PORT: ' ', PUBLIC_URL: 'https://records.example.org/', ROOT_KEY: hex })).toMatchObject({
      port: 4000,
      publicUrl: 'https://records.example.org',
      rootKey: { kind: 'value', hex: hex.toLowerCase() },
    });
  });

  describe('a root key in a PKCS#11 token', () => {
    const token = {
      ROOT_KEY_PKCS11_MODULE: '/usr/lib/hsm.so',
      ROOT_KEY_PKCS11_TOKEN: 'ward',
      ROOT_KEY_PKCS11_PIN: '73915046',
    };

    test('is named by module, token and PIN; the label has a default', () => {
      const source = {
        kind: 'pkcs11',
        module: '/usr/lib/hsm.so',
        token: 'ward',
        label: 'chartseal-root',
        pin: '73915046',
      };
      expect(readConfig(token).rootKey).toEqual(source);
      expect(readConfig({ ...token, ROOT_KEY_PKCS11_LABEL: 'ours' }).rootKey).toEqual({ ...source, label: 'ours' });
      const folder = mkdtempSync(join(tmpdir(), 'chartseal-settings-'));
      writeFileSync(join(folder, 'pin'), '73915046\n');
      const { ROOT_KEY_PKCS11_PIN: _, ...rest } = token;
      expect(readConfig({ ...rest, ROOT_KEY_PKCS11_PIN_FILE: join(folder, 'pin') }).rootKey).toEqual(source);
      rmSync(folder, { recursive: true });
    });

    test('has one place: not beside a key file or a key', () => {
      expect(faultsOf({ ...token, ROOT_KEY: '0'.repeat(64) })).toHaveProperty('ROOT_KEY');
      expect(faultsOf({ ...token, ROOT_KEY_FILE: '/run/secrets/root', PORT: 'x' })).toEqual({
        ROOT_KEY_FILE: 'cannot be set together with ROOT_KEY_PKCS11_MODULE: the root key has one place',
        PORT: 'must be a whole number from 0 to 65535',
      });
    });

    test('half described is every missing part at once; without a module the rest says nothing; no PIN is repeated', () => {
      expect(Object.keys(faultsOf({ ROOT_KEY_PKCS11_MODULE: '/usr/lib/hsm.so' }))).toEqual([
        'ROOT_KEY_PKCS11_TOKEN',
        'ROOT_KEY_PKCS11_PIN',
      ]);
      const without = faultsOf({ ...token, ROOT_KEY_PKCS11_MODULE: '', ROOT_KEY_PKCS11_LABEL: 'ours' });
      expect(Object.keys(without).sort()).toEqual([
        'ROOT_KEY_PKCS11_LABEL',
        'ROOT_KEY_PKCS11_PIN',
        'ROOT_KEY_PKCS11_TOKEN',
      ]);
      expect(Object.values(without).join()).not.toContain(token.ROOT_KEY_PKCS11_PIN);
      const twice = faultsOf({ ...token, ROOT_KEY_PKCS11_PIN_FILE: '/nowhere' });
      expect(twice).toEqual({ ROOT_KEY_PKCS11_PIN: 'cannot be set together with ROOT_KEY_PKCS11_PIN_FILE' });
    });

    test('is described without its PIN', () => {
      expect(describeRootKey(readConfig(token).rootKey)).toBe('key "chartseal-root" in the PKCS#11 token "ward"');
      expect(describeRootKey(readConfig({ ROOT_KEY: '0'.repeat(64) }).rootKey)).toBe('given by ROOT_KEY');
    });
  });

  describe('the hospital’s own sign-in service', () => {
    const provider = { OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'chartseal' };
    const roles = { OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: '{"nurses":"NURSE","it":"ADMIN"}' };

    test('is described, roles in their order', () => {
      const { oidc } = readConfig({ ...provider, ...roles, OIDC_CREATE: 'on' });
      expect(oidc).toMatchObject({ name: 'login.example.org', create: true, localPasswords: true, clientSecret: null });
      expect([...oidc!.roles]).toEqual([['nurses', 'NURSE'], ['it', 'ADMIN']]); // prettier-ignore
    });

    test.each([
      [{ ...provider, OIDC_ISSUER: 'http://login.example.org' }, 'OIDC_ISSUER'],
      [{ ...provider, OIDC_ISSUER: 'https://login.example.org/?x' }, 'OIDC_ISSUER'],
      [{ OIDC_ISSUER: provider.OIDC_ISSUER }, 'OIDC_CLIENT_ID'],
      [{ ...provider, OIDC_ROLE_CLAIM: 'groups' }, 'OIDC_ROLES'],
      [{ ...provider, ...roles, OIDC_ROLES: '{"nurses":1}' }, 'OIDC_ROLES'],
      [{ ...provider, OIDC_CREATE: 'on' }, 'OIDC_CREATE'],
      [{ OIDC_CREATE: 'on' }, 'OIDC_CREATE'],
    ])('%j is a fault', (set, name) => {
      expect(faultsOf(set)).toHaveProperty(name);
    });
  });

  test('a cheap password hash is for tests only', () => {
    expect(readConfig({ NODE_ENV: 'test', BCRYPT_COST: '4' }).bcryptCost).toBe(4);
    expect(faultsOf({ NODE_ENV: 'production', BCRYPT_COST: '4' })).toHaveProperty('BCRYPT_COST');
  });
});
