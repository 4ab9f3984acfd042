import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createApp, type App } from '../../server/app';
import { readConfig } from '../../server/config/config';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext, type Role } from '../../server/graphql/context';
import { createStaff, type User } from '../../server/identity';
import { openRuntime, type Runtime } from '../../server/runtime';
import { freshDatabase } from './postgres';

/** A hospital of its own for a test file about signing in, with a clock that can be set. */
export interface FrontDesk {
  readonly runtime: Runtime;
  readonly app: App;
  /** Lets time pass, in milliseconds. */
  wait(ms: number): void;
  /** An account with a password, ready to sign in. */
  hire(name: string, role: Role, password?: string): Promise<Colleague>;
  close(): Promise<void>;
}

export interface Colleague {
  user: User;
  id: string;
  email: string;
  password: string;
}

export async function openFrontDesk(
  settings: Record<string, string> = {},
  logger: Logger = pino({ level: 'silent' }),
): Promise<FrontDesk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chartseal-front-desk-'));
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: settings.DATABASE_URL ?? (await freshDatabase()),
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'silent',
    MFA_REQUIRED_ROLES: 'none',
    COST_PER_MINUTE: '0',
    ...settings,
  });
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const runtime = await openRuntime(config, { logger, clock });
  const app = await createApp(runtime).catch(async (error: unknown) => {
    await runtime.close(); // else its sealer would keep Jest waiting for ever
    throw error;
  });
  await app.fastify.ready();
  return {
    runtime,
    app,
    wait: (ms) => void (ahead += ms),
    async hire(name, role, password = `${name} has a long password`) {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@ward.example`;
      const hire = () => createStaff(runtime, { email, name, role, password });
      const user = await runIn(systemContext('test'), hire);
      return { user, id: user.id, email, password };
    },
    async close() {
      await app.close();
      await runtime.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  status: number;
  data: Record<string, unknown> | null;
  /** `extensions.code` of the first error. */
  code: string | undefined;
  error: { message: string; extensions: Record<string, unknown> } | undefined;
  cookie: string | undefined;
  /** By which the log knows the request. */
  requestId: string;
  body: string;
}

/** Somebody's browser: it has an address, keeps the access token in memory and the cookie in its jar. */
export class Browser {
  token: string | null = null;
  cookie: string | null = null;
  headers: Record<string, string> = { origin: 'http://localhost', 'x-chartseal-csrf': '1', host: 'localhost' };

  constructor(
    private readonly desk: FrontDesk,
    readonly address = '192.0.2.10',
  ) {}

  /** The same person's second tab, or somebody with a copy of everything this browser holds. */
  copy(): Browser {
    const copy = new Browser(this.desk, this.address);
    return Object.assign(copy, { token: this.token, cookie: this.cookie, headers: { ...this.headers } });
  }

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await this.desk.app.fastify.inject({
      method: 'POST',
      url: '/graphql',
      remoteAddress: this.address,
      headers: {
        'content-type': 'application/json',
        ...this.headers,
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
      },
      payload: { query, variables },
    });
    const body = response.json<{ data?: Answer['data']; errors?: NonNullable<Answer['error']>[] }>();
    const cookie = response.cookies.find(({ name }) => name.endsWith('chartseal_refresh'));
    if (cookie) this.cookie = cookie.value ? `${cookie.name}=${cookie.value}` : null;
    const error = body.errors?.[0];
    const code = error?.extensions.code as string | undefined;
    const setCookie = [response.headers['set-cookie']].flat().join('\n') || undefined;
    return {
      status: response.statusCode,
      data: body.data ?? null,
      code,
      error,
      cookie: setCookie,
      requestId: String(response.headers['x-request-id']),
      body: response.body,
    };
  }

  async signIn({ email, password }: { email: string; password: string }): Promise<Answer> {
    return this.keep(
      await this.ask(`mutation($input: SignInInput!) { signIn(input: $input) { ${SESSION} } }`, {
        input: { email, password },
      }),
    );
  }

  /** Proves the password again, so that grave acts are open to this session for five minutes. */
  stepUp({ password }: { password: string }): Promise<Answer> {
    return this.ask('mutation ($input: StepUpInput!) { stepUp(input: $input) }', { input: { password } });
  }

  async refresh(): Promise<Answer> {
    return this.keep(await this.ask(`mutation { refreshSession { ${SESSION} } }`));
  }

  async accept(input: Record<string, unknown>): Promise<Answer> {
    return this.keep(
      await this.ask(`mutation($input: AcceptInviteInput!) { acceptInvite(input: $input) { ${SESSION} } }`, { input }),
    );
  }

  /** Name of whoever this browser is signed in as; null for nobody. */
  async whoami(): Promise<string | null> {
    const { data } = await this.ask('{ me { name } }');
    return (data?.me as { name: string } | null | undefined)?.name ?? null;
  }

  private keep(answer: Answer): Answer {
    const payload = Object.values(answer.data ?? {})[0] as { accessToken: string } | null | undefined;
    if (payload) this.token = payload.accessToken;
    return answer;
  }
}

const SESSION =
  'accessToken expiresAt me { id email name role permissions sessions { id device current createdAt lastUsedAt expiresAt } }';
