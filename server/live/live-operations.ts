import { createHash } from 'node:crypto';
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Answer, OperationGate, WantedOperation } from '../access/operation-gate';
import { runIn } from '../crypto/access-scope';
import { anonymous } from '../graphql/context';
import { formatError } from '../graphql/error-format';
import { badInput } from '../graphql/errors';
import { limits } from '../graphql/limits';
import type { Feeds } from './feeds';
import { LiveContext, type Viewer } from './live-context';

export interface LiveOperationsDeps {
  schema: GraphQLSchema;
  gate: OperationGate;
  feeds: Feeds;
  /** Leave out of error messages what the schema has that was not asked for. */
  hideSchemaDetails: boolean;
  /** Takes unforeseen faults for the server's log. */
  report: (error: unknown) => void;
}

/** What a client sends to subscribe. */
export interface Wanted {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/** A checked document, ready to be opened. */
export interface LiveOperation extends WantedOperation {
  operation: OperationDefinitionNode;
}

/**
 * Subscriptions. Opening one and each of its events passes the gate that every operation over HTTP passes, in a context of its
 * own: asked anew who this is, judged by the rules anew, entered before it leaves.
 */
export class LiveOperations {
  readonly schema: GraphQLSchema;

  constructor(private readonly deps: LiveOperationsDeps) {
    this.schema = deps.schema;
  }

  /** The operation of a document. Throws GraphQLError, already fit to be told. */
  read({ query, operationName, variables }: Wanted): LiveOperation {
    try {
      const document = coded('GRAPHQL_PARSE_FAILED', () => parse(query, { maxTokens: limits.tokens }));
      const [fault] = validate(this.schema, document, specifiedRules, {
        maxErrors: 1,
        hideSuggestions: this.deps.hideSchemaDetails,
      });
      if (fault) throw withCode(fault, 'GRAPHQL_VALIDATION_FAILED');
      const operation = getOperationAST(document, operationName);
      if (!operation) throw badInput('operationName', 'The document has no such operation.');
      if (operation.operation !== 'subscription') throw badInput('query', 'Queries and mutations are asked over HTTP.');
      return {
        document,
        operation,
        name: operation.name?.value ?? null,
        variables: this.coerced(operation, variables ?? {}),
        documentHash: createHash('sha256').update(query).digest('hex'),
      };
    } catch (error) {
      throw this.told(error);
    }
  }

  /** Opens a subscription: its events, or an answer that says why not. */
  async open(viewer: Viewer, wanted: LiveOperation): Promise<AsyncIterableIterator<Answer> | Answer> {
    const ended = new AbortController();
    const context = this.context(viewer, ended.signal);
    return runIn(context, async () => {
      try {
        await this.deps.gate.admit(context, wanted, () => viewer.authenticate());
        const source = await createSourceEventStream(this.execution(context, wanted));
        if (!('errors' in source)) return this.stream(viewer, wanted, source as AsyncIterable<unknown>, ended);
        return await this.released(context, wanted, source as ExecutionResult);
      } catch (error) {
        return this.released(context, wanted, { errors: [this.told(error)] });
      }
    });
  }

  /** Ends at once when told to, also while it waits for an event; a plain generator would wait for that event first. */
  private stream(
    viewer: Viewer,
    wanted: LiveOperation,
    source: AsyncIterable<unknown>,
    ended: AbortController,
  ): AsyncIterableIterator<Answer> {
    const answers = this.answers(viewer, wanted, source, ended.signal);
    const end = async (): Promise<IteratorResult<Answer>> => {
      ended.abort();
      return answers.return(undefined);
    };
    const stream: AsyncIterableIterator<Answer> = {
      [Symbol.asyncIterator]: () => stream,
      next: () => answers.next(),
      return: end,
    };
    return stream;
  }

  private async *answers(
    viewer: Viewer,
    wanted: LiveOperation,
    source: AsyncIterable<unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<Answer, undefined> {
    try {
      for await (const event of source) {
        const answer = await this.answer(viewer, wanted, event, signal);
        if (!answer) break;
        yield answer;
        if (!answer.data) return; // who may not see this event is not kept waiting for the next
      }
    } catch (error) {
      yield { errors: [this.told(error)] };
    }
  }

  /** One event as its own operation; null when the viewer is nobody any more. */
  private answer(viewer: Viewer, wanted: LiveOperation, event: unknown, signal: AbortSignal): Promise<Answer | null> {
    const context = this.context(viewer, signal);
    return runIn(context, async () => {
      await this.deps.gate.admit(context, wanted, () => viewer.authenticate());
      if (!context.actor.id) {
        viewer.lapse();
        return null;
      }
      return this.released(context, wanted, await execute({ ...this.execution(context, wanted), rootValue: event }));
    });
  }

  private async released(context: LiveContext, wanted: LiveOperation, result: ExecutionResult): Promise<Answer> {
    const { document, operation, variables } = wanted;
    const { errors } = result;
    const answer: Answer = { ...(result.data && { data: result.data }) };
    if (errors) answer.errors = errors.map((error) => this.told(error));
    const answered = { schema: this.schema, document, operation, request: { variables }, errors: answer.errors };
    await this.deps.gate.release(context, answered as Parameters<OperationGate['release']>[1], answer);
    return answer;
  }

  private context(viewer: Viewer, signal: AbortSignal): LiveContext {
    return new LiveContext(anonymous, viewer, this.deps.feeds, signal);
  }

  private execution(contextValue: LiveContext, { document, operation, variables }: LiveOperation): ExecutionArgs {
    const operationName = operation.name?.value;
    return { schema: this.schema, document, contextValue, variableValues: variables, operationName };
  }

  /** Checks the variables; what is kept is what was sent, since each event reads it anew. */
  private coerced(
    { variableDefinitions }: OperationDefinitionNode,
    sent: Record<string, unknown>,
  ): Record<string, unknown> {
    const { errors } = getVariableValues(this.schema, variableDefinitions ?? [], sent, { maxErrors: 1 });
    if (errors?.[0]) throw withCode(errors[0], 'BAD_USER_INPUT');
    return sent;
  }

  private told(thrown: unknown): GraphQLError {
    const error = thrown instanceof GraphQLError ? thrown : new GraphQLError('', { originalError: asError(thrown) });
    const { message, locations, path, extensions } = formatError(error.toJSON(), error, this.deps.report);
    return Object.assign(new GraphQLError(message, { extensions }), { locations, path });
  }
}

function coded<T>(code: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GraphQLError ? withCode(error, code) : error;
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, extensions: { code } }); // prettier-ignore
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
