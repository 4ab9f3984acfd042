import { createClient } from 'graphql-ws';
import { getAccessToken, getSession, watchSession } from '../session/session';
import { endpoint } from '../session/wire';

const address = new URL(endpoint, window.location.href);
address.protocol = address.protocol.replace('http', 'ws');

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Subscriptions over one WebSocket, opened with the first and closed after the last. The token goes in the first message, never
 * into the address. When it lapses the server closes and the next one is told; the session itself renews it ahead of time.
 */
export const live = createClient({
  url: address.href,
  lazy: true,
  connectionParams: () => ({ authorization: `Bearer ${getAccessToken() ?? ''}` }),
  retryAttempts: Infinity,
  shouldRetry: () => getSession().status === 'signedIn',
  retryWait: (retries) =>
    // a ward's browsers that lost the server together do not come back together
    new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS) * (0.5 + Math.random()))), // prettier-ignore
});

watchSession(() => {
  if (getSession().status === 'signedOut') live.terminate();
});
