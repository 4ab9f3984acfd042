import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { from, switchMap, throwError } from 'rxjs';
import { byItself } from '../session/activity';
import { faultOf } from '../session/fault';
import { getAccessToken, getSession, refresh, watchSession } from '../session/session';
import { askProof } from '../session/step-up';
import { endpoint } from '../session/wire';
import { live } from './live';

const bearer = new SetContextLink(({ headers }) => {
  const token = getAccessToken();
  return { headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) } };
});

/** One new token, one replay: a second UNAUTHENTICATED is the truth. */
const renew = new ErrorLink(({ error, operation, forward }) => {
  if (faultOf(error).code !== 'UNAUTHENTICATED' || operation.getContext().renewed) return undefined;
  operation.setContext({ renewed: true });
  const { headers: sent } = operation.getContext() as { headers?: Record<string, string> };
  const unattended = Object.keys(byItself).some((name) => sent?.[name]);
  return from(refresh(unattended)).pipe(
    switchMap((fresh) => {
      if (!fresh) return throwError(() => error);
      operation.setContext(({ headers }: { headers?: Record<string, string> }) => ({
        headers: { ...headers, authorization: `Bearer ${getAccessToken()}` },
      }));
      return forward(operation);
    }),
  );
});

/** What wants one more proof asks for it, and is done once more when it held. */
const prove = new ErrorLink(({ error, operation, forward }) => {
  if (faultOf(error).code !== 'MFA_REQUIRED' || operation.getContext().proven) return undefined;
  operation.setContext({ proven: true });
  return from(askProof()).pipe(switchMap((proven) => (proven ? forward(operation) : throwError(() => error))));
});

export const apollo = new ApolloClient({
  link: ApolloLink.from([
    renew,
    prove,
    bearer,
    ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(live),
      // no-store: nothing of a patient may reach the browser's disk cache.
      new HttpLink({ uri: endpoint, credentials: 'same-origin', fetchOptions: { cache: 'no-store' } }),
    ),
  ]),
  cache: new InMemoryCache({
    typePolicies: {
      // There is one of it, asked for in parts.
      Keyring: { keyFields: [], fields: { keys: relayStylePagination(['due']) } },
      Patient: {
        fields: {
          visits: relayStylePagination(),
          treatmentUpdates: relayStylePagination(),
        },
      },
      Query: {
        fields: {
          visits: relayStylePagination(['patientId', 'status', 'from', 'to', 'mine']),
          treatmentUpdates: relayStylePagination(['patientId']),
          auditEntries: relayStylePagination(['filter']),
        },
      },
    },
  }),
  dataMasking: true,
  devtools: { enabled: false },
  defaultOptions: {
    watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' },
  },
});

// Whoever signs in next must find nothing of the one before.
watchSession(() => {
  if (getSession().status === 'signedOut') void apollo.clearStore();
});
