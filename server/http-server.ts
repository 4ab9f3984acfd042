import fastifyCookie from '@fastify/cookie';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify';
import type { Config } from './config/config';
import { cors } from './cors';
import { answerFault } from './graphql/http-faults';
import { OwnCertificate } from './own-certificate';
import { newId } from './platform/ids';
import type { Logger } from './platform/logger';
import { answerBadAddress, answerGarbage, securityHeaders } from './security-headers';
import { trustOf } from './trusted-proxies';

/** Longest time that a request may take to arrive whole, in milliseconds; who dribbles is cut off. */
const ARRIVAL_MS = 60_000;

/** What carries every request: HTTP or TLS, whom it believes, what every answer says, and no route yet. */
export async function openHttpServer(config: Config, logger: Logger): Promise<FastifyInstance> {
  const certificate = config.tls && new OwnCertificate(config.tls, logger);
  const options: FastifyServerOptions = {
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: ARRIVAL_MS,
    trustProxy: trustOf(config.trustProxy),
    forceCloseConnections: 'idle',
    clientErrorHandler: answerGarbage,
    frameworkErrors: answerBadAddress,
  };
  const fastify = Fastify(certificate ? Object.assign(options, { https: certificate.options }) : options);
  if (certificate) fastify.addHook('onClose', certificate.watch(fastify.server));
  await securityHeaders(fastify, config.publicUrl);
  fastify.addHook('onRequest', cors(config.corsOrigins));
  await fastify.register(fastifyCookie);
  fastify.setErrorHandler(answerFault);
  return fastify;
}
