import { serverAudits } from 'graphql-http';
import { Hospital } from '../support/hospital';

let hospital: Hospital;
let url: string;
beforeAll(async () => {
  hospital = await Hospital.open();
  url = `${await hospital.desk.app.fastify.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
});
afterAll(() => hospital?.close());

/** The audit asks for the schema, which strangers are not told: a developer asks. */
const asDeveloper: typeof fetch = (input, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${hospital.as('lindqvist').token}`);
  return fetch(input, { ...init, headers });
};

const audits = serverAudits({ url: () => url, fetchFn: asDeveloper });

test('the audit of GraphQL over HTTP has sixty-one questions', () => {
  expect(audits).toHaveLength(61);
});

test.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s %s', async (_id, _name, ask) => {
  const { status, reason } = (await ask()) as { status: string; reason?: string };
  expect([status, reason]).toEqual(['ok', undefined]);
});

describe('what the audit leaves open', () => {
  const post = (accept: string | null, query: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept && { accept }), ...headers },
      body: JSON.stringify({ query }),
    });
  const typeOf = (response: Response) => response.headers.get('content-type');

  test.each([
    ['application/graphql-response+json', 400, 'application/graphql-response+json; charset=utf-8'],
    ['application/graphql-response+json, application/json;q=0.9', 400, 'application/graphql-response+json; charset=utf-8'],
    ['application/json', 200, 'application/json; charset=utf-8'],
    ['*/*', 400, 'application/json; charset=utf-8'],
  ])('a faulty document, asked for as %s, is %i', async (accept, status, type) => {
    const response = await post(accept, '{');
    expect([response.status, typeOf(response)]).toEqual([status, type]);
  }); // prettier-ignore

  test('who is not signed in is 401, whatever they accept', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      expect((await post(accept, '{ __schema { queryType { name } } }')).status).toBe(401);
    }
  });

  test('what accepts neither JSON is 406, what sends none is 415 or 400, and neither learns anything', async () => {
    expect((await post('text/csv', '{ __typename }')).status).toBe(406);
    const plain = await post(null, '{ __typename }', { 'content-type': 'text/plain' });
    expect([400, 415]).toContain(plain.status);
    expect(await plain.text()).not.toContain('Query');
  });

  test('a GET that a page of another origin could have sent is refused, also with the cookie', async () => {
    const asked = `${url}?query=${encodeURIComponent('{ __typename }')}`;
    const headers = { cookie: hospital.as('adeyemi').cookie!, origin: 'https://evil.example' };
    expect((await fetch(asked, { headers })).status).toBe(400);
    expect((await asDeveloper(asked)).status).toBe(200);
  });

  test('a GET changes nothing: 405 says how to', async () => {
    const response = await asDeveloper(`${url}?query=${encodeURIComponent('mutation { signOut }')}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
