import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import { Kind, type GraphQLFormattedError, type OperationDefinitionNode } from 'graphql';
import { recordDisclosure, type AuditQueue } from '../audit';
import { errorCatalogue, unauthenticated } from '../graphql/errors';
import { currentContext, type Actor, type RequestContext } from '../graphql/context';
import { demandModest } from '../graphql/limits';
import type { Metrics } from '../platform/metrics';
import { recordRefusals, type PatientsConcerned } from './refusals';

export interface RequestPluginDeps {
  audit: AuditQueue;
  /** Who sends this request. Throws UNAUTHENTICATED for a token that does not hold (any more). */
  authenticate: (context: RequestContext) => Promise<Actor>;
  metrics: Metrics;
  patientsConcerned: PatientsConcerned;
}

/**
 * The life of an operation around its resolvers: refuse what is too costly, then find out who asks, and let the answer leave
 * only after the ledger has what it discloses.
 */
export function requestPlugin({
  audit,
  authenticate,
  metrics,
  patientsConcerned,
}: RequestPluginDeps): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart(request: GraphQLRequestContext<RequestContext>) {
      // Apollo Server hands out a shallow copy of the context, made per operation. The ledger and sealed values know the
      // original through AsyncLocalStorage; with two, who acts would be noted in one and looked up in the other.
      Object.assign(request, { contextValue: currentContext() });
      return {
        async didResolveOperation(request: GraphQLRequestContextDidResolveOperation<RequestContext>) {
          const context = request.contextValue;
          demandModest(request.document, request.request.variables ?? {});
          context.operation = request.operationName;
          context.documentHash = request.queryHash ?? null;
          context.actor = await authenticate(context);
          if (!context.actor.id && asksForSchema(request.operation)) throw unauthenticated();
        },
        async willSendResponse(request: GraphQLRequestContextWillSendResponse<RequestContext>) {
          const { response, contextValue: context } = request;
          if (response.body.kind !== 'single') throw new Error('An answer in parts cannot be recorded as a whole.');
          const result = response.body.singleResult;
          try {
            await recordRefusals(audit, request, patientsConcerned);
            await recordDisclosure(audit, context, !!result.data);
          } catch {
            delete result.data;
            delete result.extensions;
            const extensions = { code: 'AUDIT_UNAVAILABLE' };
            result.errors = [{ message: errorCatalogue.AUDIT_UNAVAILABLE, extensions }];
          }
          result.errors = result.errors?.map((error) => namingRequest(error, context.requestId));
          if (!('data' in result)) response.http.status = statusOf(codesOf(result.errors ?? []));
          metrics.operationEnded(codesOf(result.errors ?? []));
        },
      };
    },
  };
}

/** The id by which the server's log and the ledger know the request; people quote it when they ask for help. */
function namingRequest(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

function codesOf(errors: readonly GraphQLFormattedError[]): string[] {
  return errors.length === 0 ? ['OK'] : [...new Set(errors.map((error) => String(error.extensions?.code)))];
}

/** HTTP status of an operation that was not run at all; Apollo Server would call every refusal of ours a fault of the server. */
function statusOf([code]: readonly string[]): number {
  return { AUDIT_UNAVAILABLE: 503, INTERNAL: 500, UNAUTHENTICATED: 401 }[code ?? ''] ?? 400;
}

/** A fragment at the root may hide introspection; nobody who is not signed in needs one there. */
function asksForSchema(operation: OperationDefinitionNode | undefined): boolean {
  return (operation?.selectionSet.selections ?? []).some(
    (selection) => selection.kind !== Kind.FIELD || ['__schema', '__type'].includes(selection.name.value),
  );
}
