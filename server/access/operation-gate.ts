import {
  Kind,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { recordDisclosure, type AuditQueue } from '../audit';
import type { Budgets } from '../graphql/budget';
import { errorCatalogue, rateLimited, unauthenticated } from '../graphql/errors';
import type { Actor, RequestContext } from '../graphql/context';
import { demandModest } from '../graphql/limits';
import type { TrustedDocuments } from '../graphql/trusted-documents';
import type { Metrics } from '../platform/metrics';
import { network } from '../platform/network';
import { recordRefusals, type AnsweredOperation, type PatientsConcerned } from './refusals';

export interface OperationGateDeps {
  schema: GraphQLSchema;
  budgets: Budgets;
  /** The only documents taken; null: every document is. */
  trusted: TrustedDocuments | null;
  /** What a person, or an address nobody signed in at, may spend in a minute; null: as much as they like. */
  costPerMinute: number | null;
  audit: AuditQueue;
  metrics: Metrics;
  patientsConcerned: PatientsConcerned;
}

/** An operation that parsed and validated, about to run. */
export interface WantedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode | undefined;
  name: string | null;
  variables: Record<string, unknown>;
  /** Hex SHA-256 of the document text. */
  documentHash: string | null;
}

/** An answer on its way out. */
export interface Answer {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/**
 * What every operation passes on its way in and its answer on the way out, whether it came over HTTP or a WebSocket: refuse
 * what is too costly, find out who asks, and let nothing leave before the ledger has what it discloses.
 */
export class OperationGate {
  constructor(private readonly deps: OperationGateDeps) {}

  /** Says that an operation has come, so that the entries of several may be written together; the answer says that it has left. */
  arrive(): () => void {
    return this.deps.audit.expect();
  }

  /**
   * Lets an operation in. Throws FORBIDDEN for a document that is not listed, QUERY_TOO_COSTLY, UNAUTHENTICATED for a token
   * that does not hold (any more), or RATE_LIMITED for who has used up the minute's budget.
   */
  async admit(context: RequestContext, wanted: WantedOperation, authenticate: () => Promise<Actor>): Promise<void> {
    this.deps.trusted?.demand(wanted.documentHash);
    const cost = demandModest(this.deps.schema, wanted.document, wanted.variables, wanted.operation);
    context.operation = wanted.name;
    context.documentHash = wanted.documentHash;
    context.actor = await authenticate();
    await this.charge(context, cost);
    if (!context.actor.id && asksForSchema(wanted.operation)) throw unauthenticated();
  }

  /** Opening a subscription and each of its events are paid for like any operation. */
  private async charge(context: RequestContext, cost: number): Promise<void> {
    const { budgets, costPerMinute } = this.deps;
    const { id, budget } = context.actor;
    const allowance = budget ?? { requestsPerMinute: null, costPerMinute };
    const caller = id ?? `address ${context.ip === null ? 'nowhere' : network(context.ip)}`;
    const { told, retryAfterSeconds } = await budgets.spend(caller, cost, allowance);
    context.cost = told;
    if (retryAfterSeconds > 0) throw rateLimited(retryAfterSeconds);
  }

  /** Writes the entries of an answer and only then lets it out; when they cannot be written, it loses its data. */
  async release(context: RequestContext, answered: AnsweredOperation, answer: Answer): Promise<void> {
    const { audit, metrics, patientsConcerned } = this.deps;
    try {
      await recordRefusals(audit, answered, patientsConcerned);
      await recordDisclosure(audit, context, !!answer.data);
    } catch {
      delete answer.data;
      delete answer.extensions;
      const extensions = { code: 'AUDIT_UNAVAILABLE' };
      answer.errors = [{ message: errorCatalogue.AUDIT_UNAVAILABLE, extensions }];
    }
    if (context.cost) answer.extensions = { ...answer.extensions, cost: context.cost };
    answer.errors = answer.errors?.map((error) => namingRequest(error, context.requestId));
    metrics.operationEnded(codesOf(answer.errors ?? []));
  }
}

/** Codes of an answer's errors, each once; OK without any. */
export function codesOf(errors: readonly GraphQLFormattedError[]): string[] {
  return errors.length === 0 ? ['OK'] : [...new Set(errors.map((error) => String(error.extensions?.code)))];
}

/** The id by which the server's log and the ledger know the request; people quote it when they ask for help. */
function namingRequest(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

/** A fragment at the root may hide introspection; nobody who is not signed in needs one there. */
function asksForSchema(operation: OperationDefinitionNode | undefined): boolean {
  return (operation?.selectionSet.selections ?? []).some(
    (selection) => selection.kind !== Kind.FIELD || ['__schema', '__type'].includes(selection.name.value),
  );
}
