import { print, type DocumentNode } from 'graphql';
import type { TypedDocumentNode } from '@apollo/client';
import { Fault, faultFromErrors } from './fault';

export const endpoint = '/graphql';

interface Answer<Data> {
  data?: Data | null;
  errors?: ReadonlyArray<{ message: string; extensions?: Record<string, unknown> }>;
}

/**
 * One request of the session itself (sign in, refresh, sign out), past Apollo's cache: nothing of it is kept.
 * `keepalive` lets a refresh finish although the page is left, so that the rotated cookie is not lost.
 * @throws Fault with the server's code, or `OFFLINE` when no answer came.
 */
export async function send<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  token: string | null,
  more: Record<string, string> = {},
): Promise<Data> {
  const response = await fetch(endpoint, {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    keepalive: true,
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      'x-chartseal-csrf': '1',
      ...more,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query: print(document as DocumentNode), variables }),
  }).catch(() => {
    throw new Fault('OFFLINE');
  });
  const answer = (await response.json().catch(() => null)) as Answer<Data> | null;
  if (!answer) throw new Fault(response.ok || response.status >= 500 ? 'INTERNAL' : 'OFFLINE');
  if (answer.errors?.length) throw faultFromErrors(answer.errors);
  if (!answer.data) throw new Fault('INTERNAL');
  return answer.data;
}
