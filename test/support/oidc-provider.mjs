/**
 * A real OpenID Connect provider on loopback, in a process of its own. Its people come and change by messages:
 * { accounts: { login: claims } }. It says { issuer } when it listens.
 */
import { Provider } from 'oidc-provider';

let accounts = {};
const [clientId, clientSecret, redirectUri] = process.argv.slice(2);

const server = await new Promise((resolve) => {
  import('node:http').then(({ createServer }) => {
    const made = createServer();
    made.listen(0, '127.0.0.1', () => resolve(made));
  });
});
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  cookies: { keys: ['of a test'] },
  pkce: { required: () => true },
});
process.on('message', (message) => {
  if (message.accounts) accounts = message.accounts;
  process.send({ told: true });
});
server.on('request', provider.callback());
process.send({ issuer });
