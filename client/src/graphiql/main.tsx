import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './graphiql.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { getAccessToken, getSession, refresh } from '../session/session';
import { examples } from './examples';
import { SignInFirst } from './SignInFirst';

const endpoint = '/graphql';

/** As oneself: the same session as the application, with a token that is renewed when the server no longer takes it. */
const fetchAsOneself: typeof fetch = async (input, init) => {
  const send = () =>
    fetch(input, {
      ...init,
      cache: 'no-store',
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${getAccessToken()}` },
    });
  const response = await send();
  const answer = (await response
    .clone()
    .json()
    .catch(() => null)) as {
    errors?: { extensions?: { code?: string } }[];
  } | null;
  const ended = answer?.errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED') ?? false;
  return ended && (await refresh()) ? send() : response;
};

const fetcher = createGraphiQLFetcher({ url: endpoint, fetch: fetchAsOneself });

/** GraphiQL remembers what was typed; queries may name patients, so it is kept for this page only. */
const memory = new Map<string, string>();
const forgetful = {
  getItem: (key: string) => memory.get(key) ?? null,
  setItem: (key: string, value: string) => void memory.set(key, value),
  removeItem: (key: string) => void memory.delete(key),
  clear: () => memory.clear(),
  get length() {
    return memory.size;
  },
};

await refresh();
const root = document.getElementById('graphiql');
if (root) {
  const session = getSession();
  createRoot(root).render(
    session.status === 'signedIn' ? (
      <GraphiQL fetcher={fetcher} defaultTabs={examples} storage={forgetful} shouldPersistHeaders={false}>
        <GraphiQL.Logo>Chartseal · {session.me.name}</GraphiQL.Logo>
      </GraphiQL>
    ) : (
      <SignInFirst />
    ),
  );
}
