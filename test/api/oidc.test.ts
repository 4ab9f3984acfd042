import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sign, type SignOptions } from 'jsonwebtoken';
import { Client } from 'pg';
import { enrol, VERIFY } from '../support/factor';
import { Hospital, Person } from '../support/hospital';
import { SignInService, type Claims } from '../support/sign-in-service';
import { superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';

const CALLBACK = 'http://localhost/oidc/callback';
const ROLES = JSON.stringify({ physicians: 'DOCTOR', nurses: 'NURSE', admins: 'ADMIN' });

let service: SignInService;
let hospital: Hospital;
let people: Record<string, Claims>;

beforeAll(async () => {
  service = await SignInService.start(CALLBACK);
  hospital = await Hospital.open({
    OIDC_ISSUER: service.issuer,
    OIDC_CLIENT_ID: SignInService.client.id,
    OIDC_CLIENT_SECRET: SignInService.client.secret,
    OIDC_NAME: 'St Erik',
    OIDC_ROLE_CLAIM: 'groups',
    OIDC_ROLES: ROLES,
    OIDC_CREATE: 'on',
  });
  people = {
    adeyemi: { email: hospital.account('adeyemi').email, email_verified: true, groups: ['everybody', 'physicians'] },
    okonkwo: { email: hospital.account('okonkwo').email, email_verified: true, groups: ['physicians'] },
    newcomer: { email: 'nova.berg@ward.example', email_verified: true, name: 'Nova Berg', groups: ['nurses'] },
    unproven: { email: hospital.account('lindqvist').email, email_verified: false, groups: ['nurses'] },
    outsider: { email: 'out.sider@ward.example', email_verified: true, groups: ['everybody'] },
    lookalike: {
      email: hospital.account('okonkwo').email.replace('k', '\u212a'),
      email_verified: true,
      groups: ['physicians'],
    }, // the sign of kelvin
    impostor: { email: hospital.account('adeyemi').email, email_verified: true, groups: ['physicians'] },
  };
  await service.people(people);
});
afterAll(async () => {
  await hospital.close();
  await service.stop();
});

interface Landed {
  location: string;
  person: Person;
}

/** A browser that goes to the provider and comes back. */
class Traveller {
  cookie = '';
  readonly person: Person;

  constructor(private readonly at: Hospital = hospital) {
    this.person = at.visitor();
  }

  async go(url: string): Promise<{ location: string; status: number }> {
    const response = await this.at.desk.app.fastify.inject({
      url,
      headers: { host: 'localhost', cookie: this.cookie },
    });
    for (const { name, value } of response.cookies) {
      if (name === 'chartseal_oidc') this.cookie = value ? `${name}=${value}` : '';
      if (name === 'chartseal_refresh') this.person.cookie = `${name}=${value}`;
    }
    return { location: String(response.headers.location), status: response.statusCode };
  }

  /** Comes back to this address of ours. */
  async land(back: URL): Promise<Landed> {
    const { location } = await this.go(back.pathname + back.search);
    return { location, person: this.person };
  }

  async signIn(login: string): Promise<Landed> {
    const { location } = await this.go('/oidc/start');
    return this.land(await service.signIn(location, login));
  }
}

async function whoIs({ person }: Landed): Promise<unknown> {
  await person.refresh();
  return (await person.get<{ me: unknown }>('{ me { name role } }')).me;
}

it('signs in by the provider: an account of the same verified address is linked', async () => {
  let landed: Landed | undefined;
  const entries = await hospital.entriesOf(async () => (landed = await new Traveller().signIn('adeyemi')));
  expect(landed!.location).toBe('/');
  expect(await whoIs(landed!)).toEqual({ name: 'Dr Adeyemi', role: 'DOCTOR' });
  expect(entries.map(({ a, k }) => `${a} ${k}`)).toEqual(['create ok', 'sign-in ok']);
  expect(await hospital.count('SELECT count(*) FROM oidc_link')).toBe(1);
  expect(await whoIs(await new Traveller().signIn('adeyemi'))).toEqual({ name: 'Dr Adeyemi', role: 'DOCTOR' });
  expect((await hospital.stranger.get<{ signInProvider: string }>('{ signInProvider }')).signInProvider).toBe(
    'St Erik',
  );
});

it('makes an account in the role the mapping gives, and takes a change of it over at the next sign-in', async () => {
  const first = await new Traveller().signIn('newcomer');
  expect(await whoIs(first)).toEqual({ name: 'Nova Berg', role: 'NURSE' });
  await service.people({ ...people, newcomer: { ...people.newcomer, groups: ['physicians'] } });
  let again: Landed | undefined;
  const entries = await hospital.entriesOf(async () => (again = await new Traveller().signIn('newcomer')));
  await service.people(people);
  expect(await whoIs(again!)).toEqual({ name: 'Nova Berg', role: 'DOCTOR' });
  expect(entries.map(({ a }) => a)).toEqual(expect.arrayContaining(['change-role', 'update']));
  expect((await first.person.ask('{ me { name } }')).data).toEqual({ me: null }); // as if an administrator had changed it
});

it('takes a change of role over in the order in which an administrator changes roles: neither ends the other', async () => {
  const login = 'newcomer';
  await new Traveller().signIn(login);
  const [nova] = await hospital.sql<{ id: string }>('SELECT user_id AS id FROM oidc_link ORDER BY created_at DESC LIMIT 1'); // prettier-ignore
  const park = new Client({ connectionString: superuserUrl(hospital.runtime) }); // stands for a change that has come half-way
  await park.connect();
  try {
    await service.people({ ...people, newcomer: { ...people.newcomer, groups: ['physicians'] } });
    await park.query('BEGIN');
    await park.query("SELECT id FROM app_user WHERE role = 'ADMIN' AND active ORDER BY id FOR UPDATE");
    const landing = new Traveller().signIn(login);
    await untilFigure(hospital, `SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%app_user%'`, 1); // prettier-ignore
    await park.query('SELECT id FROM app_user WHERE id = $1 FOR UPDATE', [nova!.id]);
    await park.query('COMMIT');
    expect((await landing).location).toBe('/');
  } finally {
    await park.end();
    await service.people(people);
  }
});

it('is the only way in for an account whose password an administrator removes; who has no other keeps it', async () => {
  const REMOVE = 'mutation ($input: RemovePasswordInput!) { removePassword(input: $input) { version } }';
  const nurse = { id: hospital.idOf('lindqvist'), expectedVersion: 1 };
  const doctor = { id: hospital.idOf('adeyemi'), expectedVersion: 1 };
  const park = hospital.as('park');
  expect((await park.ask(REMOVE, { input: doctor })).code).toBe('MFA_REQUIRED');
  await park.stepUp(hospital.account('park'));
  expect((await park.ask(REMOVE, { input: nurse })).code).toBe('BAD_USER_INPUT');
  const own = { id: hospital.idOf('park'), expectedVersion: 1 };
  const refused = await park.ask(REMOVE, { input: own });
  expect(refused).toMatchObject({ code: 'FORBIDDEN', error: { message: 'Nobody removes their own password.' } });
  expect((await park.ask(REMOVE, { input: { ...doctor, expectedVersion: 2 } })).code).toBe('CONFLICT');
  expect((await hospital.as('adeyemi').ask(REMOVE, { input: doctor })).code).toBe('FORBIDDEN');
  const entries = await hospital.entriesOf(() => park.get(REMOVE, { input: doctor }));
  expect(entries.map(({ a }) => a)).toContain('remove-password');
  expect(await hospital.as('adeyemi').whoami()).toBeNull();
  expect((await hospital.visitor().signIn(hospital.account('adeyemi'))).code).toBe('UNAUTHENTICATED');
  expect(await whoIs(await new Traveller().signIn('adeyemi'))).toEqual({ name: 'Dr Adeyemi', role: 'DOCTOR' });
});

it.each([
  ['unproven', 'an address the provider has not verified'],
  ['outsider', 'whoever has no role here'],
  ['impostor', 'the address of somebody who is linked already'],
  ['lookalike', 'an address that only looks like an account’s'],
])('refuses %s: %s', async (login) => {
  let landed: Landed | undefined;
  const accounts = await hospital.count('SELECT count(*) FROM app_user');
  const entries = await hospital.entriesOf(async () => (landed = await new Traveller().signIn(login)));
  expect(landed!.location).toBe('/sign-in#provider=refused');
  expect(landed!.person.cookie).toBeNull();
  expect(entries.map(({ a, k }) => `${a} ${k}`)).toEqual(['sign-in failed']);
  expect(await hospital.count('SELECT count(*) FROM app_user')).toBe(accounts);
});

it('asks whoever has a second factor here for it', async () => {
  const { clock } = hospital.runtime;
  const { phone } = await enrol(hospital.as('okonkwo'), hospital.account('okonkwo'), () => clock.now());
  const { location, person } = await new Traveller().signIn('okonkwo');
  expect(person.cookie).toBeNull();
  const [, ticket, factors] = /^\/sign-in#ticket=([\w.-]+)&factors=(\w+)$/.exec(location) ?? [];
  expect(factors).toBe('TOTP');
  hospital.desk.wait(30_000); // the code that set it up is spent
  const answer = await person.ask(VERIFY, { input: { ticket, code: phone.code() } });
  expect(answer.data).toMatchObject({ verifyTotp: { me: { name: 'Dr Okonkwo' } } });
});

it('refuses another state, a replayed answer, another browser’s answer and one that is too old', async () => {
  const traveller = new Traveller();
  const { location } = await traveller.go('/oidc/start');
  const back = await service.signIn(location, 'adeyemi');
  const elsewhere = new URL(back);
  elsewhere.searchParams.set('state', 'another');
  expect((await traveller.land(elsewhere)).location).toBe('/sign-in#provider=refused');
  expect((await traveller.land(back)).location).toBe('/sign-in#provider=refused'); // the attempt is spent
  expect((await new Traveller().land(back)).location).toBe('/sign-in#provider=refused'); // no attempt of this browser

  const other = new Traveller();
  await other.go('/oidc/start');
  const stolen = new URL(back);
  expect((await other.land(stolen)).location).toBe('/sign-in#provider=refused'); // another browser's state

  const late = new Traveller();
  const lateBack = await service.signIn((await late.go('/oidc/start')).location, 'adeyemi');
  hospital.desk.wait(11 * 60_000);
  expect((await late.land(lateBack)).location).toBe('/sign-in#provider=refused');
});

it('begins by a button of our own page, or an address typed, and not by a link or picture elsewhere', async () => {
  const begun = async (site: string) => {
    const headers = { host: 'localhost', 'sec-fetch-site': site };
    const { headers: told } = await hospital.desk.app.fastify.inject({ url: '/oidc/start', headers });
    return [new URL(String(told.location), 'http://localhost').pathname === '/sign-in', 'set-cookie' in told];
  };
  for (const site of ['cross-site', 'same-site']) expect(await begun(site)).toEqual([true, false]);
  for (const site of ['same-origin', 'none']) expect(await begun(site)).toEqual([false, true]);
});

it('refuses a code that was used, even with a sound attempt', async () => {
  const traveller = new Traveller();
  const back = await service.signIn((await traveller.go('/oidc/start')).location, 'adeyemi');
  const keep = Object.assign(new Traveller(), { cookie: traveller.cookie });
  expect((await traveller.land(back)).location).toBe('/');
  expect((await keep.land(back)).location).toBe('/sign-in#provider=refused');
});

describe('a provider, or somebody in its place, that answers what it should not', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let forger: Server;
  let issuer: string;
  let attacked: Hospital;
  /** Makes the ID token of the next answer. */
  let idToken: (nonce: string) => string;
  let nonce = '';
  let away = true;

  beforeAll(async () => {
    forger = createServer((request, response) => {
      const path = new URL(request.url!, issuer).pathname;
      const answers: Record<string, () => unknown> = {
        '/.well-known/openid-configuration': () => ({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          authorization_response_iss_parameter_supported: true,
        }),
        '/jwks': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] }),
        '/token': () => ({ access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken(nonce) }),
      };
      if (away) return void response.destroy();
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[path]?.() ?? {}));
    });
    await new Promise<void>((resolve) => forger.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(forger.address() as AddressInfo).port}`;
    attacked = await Hospital.open({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'chartseal', OIDC_LOCAL_PASSWORDS: 'off' });
  });
  afterAll(async () => {
    await attacked.close();
    await new Promise((resolve) => forger.close(resolve));
  });

  const claims = (changes: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const { email } = attacked.account('adeyemi');
    return {
      iss: issuer,
      sub: 'adeyemi',
      aud: 'chartseal',
      nonce,
      iat: now,
      exp: now + 60,
      email,
      email_verified: true,
      ...changes,
    };
  };
  const signed = (
    changes: Record<string, unknown> = {},
    key: KeyObject | string = privateKey,
    options: SignOptions = {},
  ) => sign(claims(changes), key, { algorithm: 'RS256', keyid: 'one', ...options });

  /** Where a browser ends that comes back with a code and what the forger makes of it. */
  async function end(make: () => string, change: (back: URL) => void = () => undefined): Promise<string> {
    const traveller = new Traveller(attacked);
    const asked = new URL((await traveller.go('/oidc/start')).location);
    nonce = asked.searchParams.get('nonce')!;
    idToken = make;
    const back = new URL(CALLBACK);
    back.search = new URLSearchParams({
      code: 'a code',
      state: asked.searchParams.get('state')!,
      iss: issuer,
    }).toString();
    change(back);
    return (await traveller.land(back)).location;
  }

  it('leaves the sign-in page while it is away, and is asked again when it is back', async () => {
    expect((await new Traveller(attacked).go('/oidc/start')).location).toBe('/sign-in#provider=away');
    away = false;
    expect((await new Traveller(attacked).go('/oidc/start')).location).toContain(issuer);
    const breaking = end(
      () => signed(),
      () => void (away = true),
    );
    expect(await breaking).toBe('/sign-in#provider=away');
    away = false;
  });

  it('is refused for what is unsigned, of another key, issuer, audience, question or time', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const now = Math.floor(Date.now() / 1000);
    const forged: (() => string)[] = [
      () => signed({}, '', { algorithm: 'none' }),
      () => signed({}, stranger),
      () => signed({}, publicKey.export({ type: 'spki', format: 'pem' }) as string, { algorithm: 'HS256' }),
      () => signed({ iss: 'https://elsewhere.example' }),
      () => signed({ aud: 'another client' }),
      () => signed({ aud: ['chartseal', 'another'], azp: 'another' }),
      () => signed({ nonce: 'of another question' }),
      () => signed({ nonce: undefined }),
      () => signed({ exp: now - 600 }),
      () => 'no.token.atall',
    ];
    for (const make of forged) expect(await end(make)).toBe('/sign-in#provider=refused');
    expect(await attacked.count('SELECT count(*) FROM oidc_link')).toBe(0);
    expect(await end(() => signed())).toBe('/'); // the same way, with a sound token
    // whose account has no password here any more, as this hospital wants it
    expect((await attacked.visitor().signIn(attacked.account('adeyemi'))).code).toBe('UNAUTHENTICATED');
    expect((await attacked.visitor().signIn(attacked.account('okafor'))).code).toBeUndefined();
  });

  it('is refused for an answer in the name of another issuer, or of none (mix-up, RFC 9207)', async () => {
    const of = (iss: string) => (back: URL) => back.searchParams.set('iss', iss);
    expect(await end(() => signed(), of('https://elsewhere.example'))).toBe('/sign-in#provider=refused');
    expect(
      await end(
        () => signed(),
        (back) => back.searchParams.delete('iss'),
      ),
    ).toBe('/sign-in#provider=refused');
  });

  it('cannot make itself an account here, nor say who is what when roles are given here', async () => {
    const email = 'self.made@ward.example';
    expect(await end(() => signed({ sub: 'self-made', email }))).toBe('/sign-in#provider=refused');
    expect(await end(() => signed({ sub: 'adeyemi', groups: ['admins'], role: 'ADMIN' }))).toBe('/');
    expect(await attacked.count("SELECT count(*) FROM app_user WHERE role = 'ADMIN'")).toBe(1);
    expect(await end(() => signed({ sub: 'okafor', email: attacked.account('okafor').email, email_verified: 'true' }))).toBe('/sign-in#provider=refused'); // prettier-ignore
  });
});
