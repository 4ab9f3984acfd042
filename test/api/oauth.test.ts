import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { sign, type SignOptions } from 'jsonwebtoken';
import { Chartseal } from '../../examples/patients';
import { publicUrlOf } from '../../server/config/config';
import {
  askToken,
  byPost,
  clientAt,
  CREATE_CLIENT,
  registerClient,
  type RegisteredClient,
} from '../support/api-client';
import type { Hospital } from '../support/hospital';
import { openTwoServers, type TwoServers } from '../support/two-servers';

let servers: TwoServers;
let hospital: Hospital;
let client: RegisteredClient;

beforeAll(async () => {
  servers = await openTwoServers();
  hospital = servers.one;
  client = await registerClient(hospital, { scopes: ['patient.read:name,birthDate', 'visit.read'] });
});
afterAll(() => servers.close());

const basic = ({ id, secret }: RegisteredClient) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

describe('POST /oauth/token', () => {
  it('answers a client that proves itself by Basic or in the form', async () => {
    for (const answer of [
      await askToken(hospital, byPost(client)),
      await askToken(hospital, { grant_type: 'client_credentials' }, { authorization: basic(client) }),
    ]) {
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
        body: { token_type: 'Bearer', expires_in: 600, scope: 'patient.read:birthDate,name visit.read' },
      });
    }
  });

  it('gives less when less is asked for, and never more', async () => {
    const some = await askToken(hospital, byPost(client, 'patient.read:name'));
    expect(some.body.scope).toBe('patient.read:name');
    for (const scope of ['patient.read', 'patient.read:name,phone', 'visit.write', 'everything']) {
      expect(await askToken(hospital, byPost(client, scope))).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope' },
      });
    }
    const patient = await hospital.patient({ birthDate: '1950-01-02' });
    const program = await clientAt(hospital, client, 'patient.read:name');
    const query = `{ patient(id: "${patient.id}") { name { family } } }`;
    expect((await program.ask(query)).code).toBeUndefined();
    expect((await program.ask(query.replace('name { family }', 'birthDate'))).code).toBe('FORBIDDEN');
  });

  it.each([
    ['no grant', 'client_id=x&client_secret=y', 400, 'invalid_request'],
    ['another grant', 'grant_type=password&client_id=x&client_secret=y', 400, 'unsupported_grant_type'],
    ['no proof', 'grant_type=client_credentials&client_id=x', 401, 'invalid_client'],
    ['an unknown client', 'grant_type=client_credentials&client_id=x&client_secret=y', 401, 'invalid_client'],
    ['an unknown id', `grant_type=client_credentials&client_id=${randomUUID()}&client_secret=y`, 401, 'invalid_client'],
    [
      'a parameter twice',
      'grant_type=client_credentials&client_id=x&client_id=x&client_secret=y',
      400,
      'invalid_request',
    ],
    ['an assertion of no type', 'grant_type=client_credentials&client_assertion=a.b.c', 400, 'invalid_request'],
  ])('refuses %s as RFC 6749 says', async (_what, form, status, error) => {
    const answer = await askToken(hospital, form, { 'x-address': '203.0.113.8' });
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('refuses a wrong secret like an unknown client, asks for Basic where Basic was used, and enters it', async () => {
    const wrong = { ...client, secret: `${client.secret}x` };
    const entries = await hospital.entriesOf(async () => {
      const byHeader = await askToken(hospital, 'grant_type=client_credentials', { authorization: basic(wrong) });
      const unknown = await askToken(hospital, byPost({ ...client, id: randomUUID() }));
      expect(byHeader.status).toBe(401);
      expect(byHeader.body).toEqual(unknown.body);
      expect(byHeader.headers['www-authenticate']).toMatch(/^Basic /);
    });
    expect(entries.map(({ a, k, o }) => [a, k, o?.i])).toEqual([
      ['issue-token', 'failed', client.id],
      ['issue-token', 'failed', null],
    ]);
    expect((await askToken(hospital, { ...byPost(client) }, { authorization: basic(client) })).body.error).toBe(
      'invalid_client',
    );
    expect((await askToken(hospital, '{}', { 'content-type': 'application/json' })).body.error).toBe('invalid_request');
  });

  it('pauses guessing at one client from one place, and nobody elsewhere', async () => {
    const guess = { ...byPost(client), client_secret: 'guess' };
    const guesser = { 'x-address': '203.0.113.9' };
    for (let tries = 0; tries < 5; tries += 1) await askToken(hospital, guess, guesser);
    const paused = await askToken(hospital, byPost(client), guesser);
    expect(paused).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) as string } });
    expect((await askToken(hospital, byPost(client))).status).toBe(200);
  });

  it('describes itself (RFC 8414)', async () => {
    const url = '/.well-known/oauth-authorization-server';
    const { body } = await hospital.desk.app.fastify.inject({ url, headers: { host: 'localhost' } });
    expect(JSON.parse(body)).toMatchObject({
      issuer: 'http://localhost',
      token_endpoint: 'http://localhost/oauth/token',
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    });
  });
});

describe('private_key_jwt', () => {
  test('an assertion whose issuer is no text is nobody’s', async () => {
    for (const iss of [{ toString: 1 }, [randomUUID()], 7, null]) {
      const parts = [{ alg: 'ES256', typ: 'JWT' }, { iss }, 'signature'];
      const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      const { status, body } = await ask(signed, hospital, '203.0.113.99');
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    }
  });

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let id: string;

  beforeAll(async () => {
    const input = {
      name: 'Signing',
      scopes: ['patient.read'],
      publicKey: JSON.stringify(publicKey.export({ format: 'jwk' })),
    };
    const made = await hospital.as('park').get<{ createApiClient: { secret: null; client: { id: string } } }>(CREATE_CLIENT, { input }); // prettier-ignore
    expect(made.createApiClient.secret).toBeNull();
    id = made.createApiClient.client.id;
  });

  const assertion = (changes: Record<string, unknown> = {}, key: KeyObject = privateKey, options: SignOptions = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: id,
      sub: id,
      aud: `${publicUrlOf(hospital.runtime.config)}/oauth/token`,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
    };
    const wanted = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined);
    return sign(Object.fromEntries(wanted), key, { algorithm: 'ES256', ...options });
  };
  const ask = (signed: string, at: Hospital = hospital, address = '203.0.113.7', host = 'localhost') => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { grant_type: 'client_credentials', client_assertion_type: type, client_assertion: signed };
    return askToken(at, form, { 'x-address': address, host });
  };

  it('proves a client once by each assertion, at whichever server', async () => {
    const signed = assertion();
    expect((await ask(signed)).status).toBe(200);
    expect((await ask(signed)).body.error).toBe('invalid_client');
    expect((await ask(signed, servers.other)).body.error).toBe('invalid_client');
    const twins = assertion();
    const answers = await Promise.all([ask(twins), ask(twins, servers.other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it('refuses every assertion that is not for us, not short, not theirs', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const now = Math.floor(Date.now() / 1000);
    const changes = [{ aud: 'https://elsewhere.example/oauth/token' }, { exp: now - 5 }, { exp: now + 3600 }, { exp: undefined }, { jti: undefined }, { sub: client.id }, { iss: client.id, sub: client.id }]; // prettier-ignore
    const forged = [
      ...changes.map((change) => assertion(change)),
      assertion({}, stranger),
      sign({ iss: id, sub: id, aud: publicUrlOf(hospital.runtime.config), jti: randomUUID(), exp: now + 60 }, '', {
        algorithm: 'none',
      }),
      // the public key as a shared secret: the key decides the algorithm, never the assertion
      sign({ iss: id, sub: id, aud: publicUrlOf(hospital.runtime.config), jti: randomUUID(), exp: now + 60 }, publicKey.export({ type: 'spki', format: 'pem' }), { algorithm: 'HS256' }), // prettier-ignore
    ];
    for (const [place, signed] of forged.entries()) {
      // each from elsewhere, or guessing would be paused whatever is sent
      expect((await ask(signed, hospital, `192.0.2.${place + 20}`)).body.error).toBe('invalid_client');
    }
    expect((await ask(assertion())).status).toBe(200);
  });

  it('believes no Host header: an assertion made for somebody else is not ours because it is sent under their name', async () => {
    const meant = assertion({ aud: 'http://elsewhere.example/oauth/token' });
    expect((await ask(meant, hospital, '203.0.113.9', 'elsewhere.example')).body.error).toBe('invalid_client');
    expect((await ask(assertion(), hospital, '203.0.113.9', 'elsewhere.example')).status).toBe(200);
  });

  it('takes no private key, no short one and none of another kind', async () => {
    await hospital.as('park').stepUp(hospital.account('park'));
    const short = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    for (const key of [privateKey.export({ format: 'jwk' }), short, other, {}]) {
      const input = { name: 'Odd', scopes: ['patient.read'], publicKey: JSON.stringify(key) };
      expect((await hospital.as('park').ask(CREATE_CLIENT, { input })).code).toBe('BAD_USER_INPUT');
    }
  });
});

it('revoking counts on the next request at every server', async () => {
  const revoked = await registerClient(hospital, { scopes: ['patient.read'] });
  const [here, there] = [await clientAt(hospital, revoked), await clientAt(servers.other, revoked)];
  there.token = here.token;
  const query = '{ patients(first: 1) { totalCount } }';
  expect((await here.ask(query)).code).toBeUndefined();
  const revoke = 'mutation ($input: RevokeApiClientInput!) { revokeApiClient(input: $input) { id } }';
  await hospital.as('park').get(revoke, { input: { id: revoked.id } });
  expect((await there.ask(query)).code).toBe('UNAUTHENTICATED');
  expect((await askToken(servers.other, byPost(revoked))).body.error).toBe('invalid_client');
});

it('the example reads, over HTTP, every patient its client may touch', async () => {
  const wanted = await Promise.all([hospital.patient({ birthDate: '1931-05-06' }), hospital.patient()]);
  const { fastify } = hospital.desk.app;
  const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
  const patientIds = wanted.map((patient) => patient.id);
  const listed = await registerClient(hospital, { scopes: ['patient.read:name,birthDate'], patientIds });
  const found: { id: string; birthDate?: string | null }[] = [];
  for await (const patient of new Chartseal(url, listed.id, listed.secret).patients()) found.push(patient);
  expect(found.map(({ id }) => id).sort()).toEqual(patientIds.sort());
  expect(found.map(({ birthDate }) => birthDate)).toContain('1931-05-06');
  await expect(new Chartseal(url, listed.id, 'guessed').patients().next()).rejects.toThrow('invalid_client');
});
