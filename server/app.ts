import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { OperationGate } from './access/operation-gate';
import { requestPlugin } from './access/request-plugin';
import { applyShield } from './access/shield';
import { checkpointRoute } from './audit';
import { publicUrlOf } from './config/config';
import { runIn } from './crypto/access-scope';
import { StoredBudgets } from './database/budget-store';
import { poolOf } from './database/reader';
import { anonymous, currentContext, RequestContext } from './graphql/context';
import { Budgets } from './graphql/budget';
import { formatError } from './graphql/error-format';
import { preflightedHeaders } from './graphql/http-rules';
import { limits } from './graphql/limits';
import { buildChartsealSchema } from './graphql/schema';
import { TrustedDocuments } from './graphql/trusted-documents';
import { Feeds, LiveOperations, LiveSockets } from './live';
import { openHttpServer } from './http-server';
import { healthRoutes } from './platform/health';
import { patientsConcerned } from './patients-concerned';
import { makeResolvers } from './registry';
import type { Runtime } from './runtime';
import { webClient } from './web-client';

export interface App {
  fastify: FastifyInstance;
  close(): Promise<void>;
}

/** Folder of the built client, beside the compiled server or the sources; without `assets`, it is the client's sources. */
const CLIENT_FOLDERS = [join(__dirname, '../client'), join(__dirname, '../dist/client')];

/** The schema with resolvers behind it and rules before them. */
export function makeSchema(runtime: Runtime): GraphQLSchema {
  return applyShield(buildChartsealSchema(makeResolvers(runtime.services)));
}

/** Subscriptions over WebSockets, behind the same schema and gate as what comes over HTTP. */
function openSockets(
  { config, logger, dataSource, base, services, auditLog }: Runtime,
  schema: GraphQLSchema,
  gate: OperationGate,
): LiveSockets {
  const feeds = new Feeds({
    pool: poolOf(dataSource),
    news: auditLog.news,
    log: services.audit,
    audit: base.audit,
    patients: services.patientRepository,
  });
  const report = (cause: unknown) => logger.error({ err: cause }, 'a subscription failed');
  return new LiveSockets({
    operations: new LiveOperations({ schema, gate, feeds, report, hideSchemaDetails: !config.graphiql }),
    watch: async (headers) => (await services.apiClients.authenticate(headers)) ?? services.identity.watch(headers),
    publicUrl: config.publicUrl,
    foreignOrigins: config.corsOrigins,
    logger,
  });
}

/** What every operation passes, over whichever transport: who is listed, who may, who can pay. */
function openGate(
  { config, logger, clock, dataSource, base, metrics }: Runtime,
  schema: GraphQLSchema,
  trusted: TrustedDocuments | null,
): { gate: OperationGate; budgets: Budgets } {
  const stored = new StoredBudgets(poolOf(dataSource), base.tokens.derive('caller budgets'));
  const budgets = new Budgets(stored, clock, (err) =>
    logger.warn({ err }, 'budgets are not shared with other servers for now'),
  );
  const gate = new OperationGate({
    schema,
    trusted,
    budgets,
    costPerMinute: config.costPerMinute,
    audit: base.audit,
    metrics,
    patientsConcerned: patientsConcerned(dataSource),
  });
  return { gate, budgets };
}

function makeApollo(
  { config, logger, services }: Runtime,
  schema: GraphQLSchema,
  gate: OperationGate,
  trusted: TrustedDocuments | null,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    introspection: config.graphiql,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !config.graphiql,
    persistedQueries: false,
    csrfPrevention: { requestHeaders: preflightedHeaders },
    parseOptions: { maxTokens: limits.tokens },
    formatError: (formatted, error) =>
      formatError(formatted, error, (cause) => logger.error({ err: cause }, 'an operation failed')),
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // every answer is no-store; it would wrap every field
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      requestPlugin(gate, trusted, async ({ http }) => {
        const headers = http?.request.headers ?? {};
        return (await services.apiClients.authenticate(headers)) ?? services.identity.authenticate(headers);
      }),
    ],
  });
}

/** Runs each operation in a context of its own, which begins without anybody signed in. */
function graphqlHandler(fastify: FastifyInstance, apollo: ApolloServer<RequestContext>) {
  const handle = fastifyApolloHandler(apollo, { context: async () => currentContext() });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const context = new RequestContext({
      actor: anonymous,
      requestId: request.id,
      ip: request.ip,
      http: { request, reply },
    });
    reply.header('cache-control', 'no-store').header('x-request-id', request.id);
    return runIn(context, () => handle.call(fastify, request, reply));
  };
}

/** All that is no GraphQL and no page: health, the provider's sign-in, tokens of other systems, checkpoints; and what counts requests. */
async function plainRoutes(fastify: FastifyInstance, runtime: Runtime): Promise<void> {
  await fastify.register(healthRoutes(runtime));
  await fastify.register(runtime.identity.routes);
  const { config, services } = runtime;
  await fastify.register(services.apiClients.routes(config.publicUrl, publicUrlOf(config)));
  await fastify.register(checkpointRoute(runtime.auditLog.proofs));
  fastify.addHook('onResponse', async (request, reply) => {
    runtime.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'page',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
  });
}

/** The server, all routes registered, not listening: the same in production and in tests. */
export async function createApp(runtime: Runtime): Promise<App> {
  const { config, logger } = runtime;
  const fastify = await openHttpServer(config, logger);
  await plainRoutes(fastify, runtime);

  const schema = makeSchema(runtime);
  const trusted = await TrustedDocuments.open(config.trustedDocuments);
  const { gate, budgets } = openGate(runtime, schema, trusted);
  const apollo = makeApollo(runtime, schema, gate, trusted);
  await apollo.start();
  const sockets = openSockets(runtime, schema, gate);
  await sockets.register(fastify);
  const handler = graphqlHandler(fastify, apollo);
  fastify.route({ url: '/graphql', method: 'GET', handler, onRequest: sockets.admit, wsHandler: sockets.opened });
  fastify.route({ url: '/graphql', method: ['POST', 'OPTIONS'], handler });

  const root = CLIENT_FOLDERS.find((folder) => existsSync(join(folder, 'assets')));
  if (root) await fastify.register(webClient, { root, graphiql: config.graphiql });

  return {
    fastify,
    async close() {
      await fastify.close();
      await apollo.stop();
      await budgets.close();
    },
  };
}
