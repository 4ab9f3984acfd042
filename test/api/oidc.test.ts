import { Hospital, Person } from '../support/hospital';
import { SignInService, type Claims } from '../support/sign-in-service';

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
    newcomer: { email: 'nova.berg@ward.example', email_verified: true, name: 'Nova Berg', groups: ['nurses'] },
    unproven: { email: hospital.account('lindqvist').email, email_verified: false, groups: ['nurses'] },
    outsider: { email: 'out.sider@ward.example', email_verified: true, groups: ['everybody'] },
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

it.each([
  ['unproven', 'an address the provider has not verified'],
  ['outsider', 'whoever has no role here'],
  ['impostor', 'the address of somebody who is linked already'],
])('refuses %s: %s', async (login) => {
  let landed: Landed | undefined;
  const accounts = await hospital.count('SELECT count(*) FROM app_user');
  const entries = await hospital.entriesOf(async () => (landed = await new Traveller().signIn(login)));
  expect(landed!.location).toBe('/sign-in#provider=refused');
  expect(landed!.person.cookie).toBeNull();
  expect(entries.map(({ a, k }) => `${a} ${k}`)).toEqual(['sign-in failed']);
  expect(await hospital.count('SELECT count(*) FROM app_user')).toBe(accounts);
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

it('refuses a code that was used, even with a sound attempt', async () => {
  const traveller = new Traveller();
  const back = await service.signIn((await traveller.go('/oidc/start')).location, 'adeyemi');
  const keep = Object.assign(new Traveller(), { cookie: traveller.cookie });
  expect((await traveller.land(back)).location).toBe('/');
  expect((await keep.land(back)).location).toBe('/sign-in#provider=refused');
});
