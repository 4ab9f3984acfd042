import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { Pool, types } from 'pg';
import { answerBench } from '../answer-bench';
import { BarePatients } from './patients';
import { typeDefs } from './schema';

const DATE = 1082;

/** What the same libraries reach with the same rows in clear: no sign-in, no roles, no sealing, no ledger. */
async function main(): Promise<void> {
  types.setTypeParser(DATE, String);
  const pool = new Pool({
    connectionString: process.env.DATABASE_URL,
    options: '-c search_path=bare',
    max: 10,
    keepAlive: true,
  });
  const patients = new BarePatients(pool, process.env.BARE_SEARCH === 'family');
  const apollo = new ApolloServer({
    typeDefs,
    resolvers: {
      Query: {
        patient: (_: unknown, { id }: { id: string }) => patients.one(id),
        patients: (_: unknown, args: Parameters<BarePatients['page']>[0]) => patients.page(args),
      },
      Mutation: {
        createPatient: (_: unknown, { input }: { input: Record<string, unknown> }) => patients.create(input),
        updatePatient: (_: unknown, { input }: { input: Record<string, unknown> }) => patients.update(input),
      },
      Patient: {
        visits: ({ id }: { id: string }, { first }: { first?: number }) => patients.visits(id, first),
      },
    },
    plugins: [ApolloServerPluginLandingPageDisabled()],
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const fastify = Fastify();
  fastify.get('/health/ready', async () => ({ ready: true }));
  fastify.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
  await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
  answerBench();
}

void main();
