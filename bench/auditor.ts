import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from './children';

interface Account {
  email: string;
  role: string;
  password: string;
}

/**
 * Signs in as the auditor of a demo hospital and has the log verified at full speed: by itself a server does so unhurriedly, beside
 * what is measured. Answers the access token.
 */
export async function verifiedByAuditor(server: Server, dataDir: string): Promise<string> {
  const accounts = JSON.parse(await readFile(join(dataDir, 'demo-accounts.json'), 'utf8')) as Account[];
  const { email, password } = accounts.find(({ role }) => role === 'AUDITOR')!;
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
  const { signIn } = await askServer<{ signIn: { accessToken: string } }>(server, null, {
    query,
    variables: { input: { email, password } },
  });
  await askServer(server, signIn.accessToken, { query: 'mutation { verifyAuditLog { state } }' });
  return signIn.accessToken;
}

/** Data of an answer. Throws when there are errors. */
export async function askServer<T>({ url }: Server, token: string | null, operation: object): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(operation),
  });
  const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (!data || errors) throw new Error(`Refused: ${errors?.[0]?.message ?? response.status}`);
  return data;
}
