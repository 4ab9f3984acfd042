import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the provider says of somebody. */
export interface Claims {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

/** The hospital's own sign-in service: a real provider in a process of its own. */
export class SignInService {
  static readonly client = { id: 'chartseal', secret: 'a secret of the test, long enough' };

  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async start(redirectUri: string): Promise<SignInService> {
    const { id, secret } = this.client;
    const script = join(__dirname, 'oidc-provider.mjs');
    const child = fork(script, [id, secret, redirectUri], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [{ issuer }] = (await once(child, 'message')) as [{ issuer: string }];
    return new SignInService(child, issuer);
  }

  /** Who there is, by login. */
  async people(accounts: Record<string, Claims>): Promise<void> {
    this.child.send({ accounts });
    await once(this.child, 'message');
  }

  /** Signs in there as somebody and consents; answers where the provider sends the browser back to. */
  async signIn(url: string, login: string): Promise<URL> {
    const jar = new Map<string, string>();
    let next: { url: string; form?: URLSearchParams } = { url };
    for (let steps = 0; steps < 12; steps += 1) {
      const response = await fetch(next.url, {
        redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(next.form ? { method: 'POST', body: next.form } : {}),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (name) jar.set(name, value ?? '');
      }
      const location = response.headers.get('location');
      if (location) {
        const target = new URL(location, next.url);
        if (!target.href.startsWith(this.issuer)) return target;
        next = { url: target.href };
        continue;
      }
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (!action || !prompt) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 300)}`);
      next = { url: new URL(action, next.url).href, form: new URLSearchParams({ prompt, login, password: 'any' }) };
    }
    throw new Error('The provider sends the browser in circles.');
  }

  async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
  }
}
