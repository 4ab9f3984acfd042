import type { Hospital } from './hospital';
import { Person } from './hospital';

/** An API client as its own developers hold it. */
export interface RegisteredClient {
  id: string;
  secret: string;
}

export const CREATE_CLIENT = `mutation ($input: CreateApiClientInput!) {
  createApiClient(input: $input) { secret client { id name scopes listedPatients credentials { id kind } } } }`;

/** Admin Park registers another system. */
export async function registerClient(hospital: Hospital, input: Record<string, unknown>): Promise<RegisteredClient> {
  const park = hospital.as('park');
  await park.stepUp(hospital.account('park'));
  const { createApiClient: made } = await park.get<{ createApiClient: { secret: string; client: { id: string } } }>(
    CREATE_CLIENT,
    { input: { name: 'Laboratory', ...input } },
  );
  return { id: made.client.id, secret: made.secret };
}

export interface TokenAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: { access_token?: string; scope?: string; error?: string; expires_in?: number; token_type?: string };
}

/** Asks the token endpoint. */
export async function askToken(
  hospital: Hospital,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await hospital.desk.app.fastify.inject({
    method: 'POST',
    url: '/oauth/token',
    remoteAddress: headers['x-address'] ?? '203.0.113.7',
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

export function byPost({ id, secret }: RegisteredClient, scope?: string): Record<string, string> {
  return { grant_type: 'client_credentials', client_id: id, client_secret: secret, ...(scope ? { scope } : {}) };
}

/** The other system, with an access token in hand. */
export async function clientAt(hospital: Hospital, client: RegisteredClient, scope?: string): Promise<Person> {
  const { body, status } = await askToken(hospital, byPost(client, scope));
  if (!body.access_token) throw new Error(`The token endpoint answered ${status} ${body.error}`);
  const program = new Person(hospital.desk, '203.0.113.7');
  program.token = body.access_token;
  return program;
}
