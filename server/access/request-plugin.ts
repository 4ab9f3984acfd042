import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import { currentContext, type Actor, type RequestContext } from '../graphql/context';
import { badInput } from '../graphql/errors';
import { statusOf } from '../graphql/http-rules';
import type { TrustedDocuments } from '../graphql/trusted-documents';
import { codesOf, type OperationGate } from './operation-gate';

const METHOD_NOT_ALLOWED = 405;

/** The life of an operation of Apollo Server around its resolvers: in and out through the gate. */
export function requestPlugin(
  gate: OperationGate,
  trusted: TrustedDocuments | null,
  authenticate: (context: RequestContext) => Promise<Actor>,
): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart(request: GraphQLRequestContext<RequestContext>) {
      // Apollo Server hands out a shallow copy of the context, made per operation. The ledger and sealed values know the
      // original through AsyncLocalStorage; with two, who acts would be noted in one and looked up in the other.
      Object.assign(request, { contextValue: currentContext() });
      trusted?.replace(request.request);
      const left = gate.arrive();
      return {
        async didResolveOperation(request: GraphQLRequestContextDidResolveOperation<RequestContext>) {
          const { contextValue: context, document, operation, operationName: name, queryHash } = request;
          if (operation?.operation === 'subscription')
            throw badInput('query', 'Subscriptions are asked over a WebSocket.');
          const variables = request.request.variables ?? {};
          const wanted = { document, operation, name, variables, documentHash: queryHash ?? null };
          await gate.admit(context, wanted, () => authenticate(context));
        },
        async willSendResponse(request: GraphQLRequestContextWillSendResponse<RequestContext>) {
          const { response, contextValue: context } = request;
          if (response.body.kind !== 'single') throw new Error('An answer in parts cannot be recorded as a whole.');
          const result = response.body.singleResult;
          await gate.release(context, request, result).finally(left);
          if (!('data' in result) && response.http.status !== METHOD_NOT_ALLOWED) {
            const [code] = codesOf(result.errors ?? []);
            response.http.status = statusOf(code, context.http?.request.headers.accept);
            const wait = result.errors?.[0]?.extensions?.retryAfterSeconds;
            if (typeof wait === 'number') response.http.headers.set('retry-after', String(wait));
          }
        },
      };
    },
  };
}
