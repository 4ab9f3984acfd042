import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../server/graphql/context';

type Data = Record<string, Record<string, unknown>>;

/** Somebody of the demo hospital at a server in a process of its own. */
export interface Remote {
  /** The answer's data; throws when there was any error. */
  get(query: string, variables?: object): Promise<Data>;
}

/** Signs in, over the network, as the demo hospital's person of a role. */
export async function signInAt(address: string, dataDir: string, role: Role): Promise<Remote> {
  const accounts = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8')) as Account[];
  const account = accounts.find((each) => each.role === role);
  if (!account) throw new Error(`The demo hospital has no ${role}.`);
  const { email, password } = account;
  const ask = async (token: string | null, query: string, variables: object): Promise<Data> => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: address,
        'x-chartseal-csrf': '1',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (errors || !data) throw new Error(`${query.slice(0, 200)} answered ${JSON.stringify(errors)}`);
    return data;
  };
  const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
  const token = String((await ask(null, SIGN_IN, { input: { email, password } })).signIn?.accessToken);
  const get = (query: string, variables: object = {}): Promise<Data> => ask(token, query, variables);
  if (role === 'ADMIN') {
    // what concerns keys wants the password again
    await get('mutation ($input: StepUpInput!) { stepUp(input: $input) }', { input: { password } });
  }
  return { get };
}

interface Account {
  role: Role;
  email: string;
  password: string;
}

const JOB = '{ state kind done total }';

/** Asks for a rotation and waits until it has ended, one way or the other. */
export async function rotateAt(admin: Remote): Promise<unknown> {
  await admin.get(`mutation { rotateKeys ${JOB} }`);
  for (;;) {
    const { keyring } = await admin.get(`{ keyring { job ${JOB} } }`);
    const job = keyring?.job as { state: string };
    if (job.state !== 'RUNNING') return job.state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
