import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../server/graphql/context';

type Data = Record<string, Record<string, unknown>>;

/** What came back over the network. */
export interface RemoteAnswer<T> {
  requestId: string;
  data: T | null;
  errors?: { message: string }[];
}

/** Asks a server in a process of its own; throws only when no whole answer came. */
export async function askAt<T = Data>(
  address: string,
  token: string | null,
  query: string,
  variables: object = {},
): Promise<RemoteAnswer<T>> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body });
  const answer = (await response.json()) as Omit<RemoteAnswer<T>, 'requestId'>;
  return { requestId: response.headers.get('x-request-id')!, ...answer };
}

/** Signs somebody in there; answers the access token. Throws when it is refused. */
export async function tokenAt(address: string, who: { email: string; password: string }): Promise<string> {
  const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
  const input = { email: who.email, password: who.password };
  const { data, errors } = await askAt<{ signIn: { accessToken: string } }>(address, null, signIn, { input });
  if (!data) throw new Error(`signing in answered ${JSON.stringify(errors)}`);
  return data.signIn.accessToken;
}

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
  const token = await tokenAt(address, account);
  const get = async (query: string, variables: object = {}): Promise<Data> => {
    const { data, errors } = await askAt(address, token, query, variables);
    if (errors || !data) throw new Error(`${query.slice(0, 200)} answered ${JSON.stringify(errors)}`);
    return data;
  };
  if (role === 'ADMIN') {
    // what concerns keys wants the password again
    await get('mutation ($input: StepUpInput!) { stepUp(input: $input) }', { input: { password: account.password } });
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
