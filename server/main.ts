import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createApp, type App } from './app';
import { publicUrlOf, type Config } from './config/config';
import { processConfig } from './config/environment';
import { firstStart } from './first-start';
import { exitCodes, ExitError } from './platform/exit';
import { createLogger, type Logger } from './platform/logger';
import { reportAndExit } from './platform/report';
import { openRuntime, type Runtime } from './runtime';

/** Longest time that open requests may take to end once a stop is asked for, in milliseconds. */
const DRAIN_MS = 10_000;
/** npm passes on the Ctrl-C that the terminal has sent already; only a later one is meant as a second. */
const SAME_SIGNAL_MS = 1000;

/** Starts the server and stays until it is told to stop. */
export async function main(): Promise<void> {
  let config: Config | null = null;
  try {
    config = processConfig();
    await serve(config, createLogger({ level: config.logLevel, production: config.production }));
  } catch (error) {
    reportAndExit(error, config !== null && ['debug', 'trace'].includes(config.logLevel));
  }
}

async function serve(config: Config, logger: Logger): Promise<void> {
  const begun = Date.now();
  say('Chartseal');
  await demandFreePort(config);
  const stopping = new AbortController();
  const opening = openRuntime(config, { logger, say: (line) => say(line === '' ? '' : `  ${line}`) });
  let close = async () => (await opening).close();
  stopOnSignal(logger, () => {
    stopping.abort();
    return close();
  });
  try {
    const runtime = await opening;
    const app = await createApp(runtime);
    stopping.signal.throwIfAborted();
    await listen(app, config);
    const settling = firstStart(runtime, config, { say, signal: stopping.signal });
    close = async () => {
      await settling.catch(() => undefined);
      await drain(app);
      await runtime.close();
    };
    await settling;
    watch(runtime);
  } catch (error) {
    if (stopping.signal.aborted) return; // whoever asked for the stop is closing everything
    await close().catch(() => undefined);
    throw error;
  }
  tellReady(config, Date.now() - begun);
}

function tellReady(config: Config, milliseconds: number): void {
  say('');
  const accounts = join(config.dataDir, 'demo-accounts.json');
  if (existsSync(accounts)) say(`  Accounts of the demo hospital: ${accounts}`);
  say(`  Ready after ${(milliseconds / 1000).toFixed(1)} s; all data in ${config.dataDir}`);
  say(`  Open      ${publicUrlOf(config)}`);
  say(`  GraphQL   ${publicUrlOf(config)}/graphql${config.graphiql ? ', with an editor at /graphiql' : ''}`);
  say('  Stop      Ctrl-C');
}

/** Begins what a server does unasked: verifying the log, judging it, keeping keys, search index and sign-in in order. */
function watch({ auditLog, services, identity, logger }: Runtime): void {
  auditLog.watch();
  services.searchUpkeep.watch();
  services.keys.watch();
  services.snooping.watch.watch(logger);
  identity.upkeep.watch(logger);
}

/** Tells a taken port before PostgreSQL is started for nothing. */
async function demandFreePort(config: Config): Promise<void> {
  const { host, port } = config;
  if (port === 0) return;
  for (const address of host === 'localhost' ? ['127.0.0.1', '::1'] : [host]) {
    await new Promise<void>((resolve, reject) => {
      const probe = createServer().once('error', reject);
      probe.listen({ host: address, port }, () => probe.close(() => resolve()));
    }).catch((error: NodeJS.ErrnoException) => {
      if (host !== 'localhost' || error.code === 'EADDRINUSE') throw listenFault(error, config); // not every machine has IPv6
    });
  }
}

async function listen({ fastify }: App, config: Config): Promise<void> {
  try {
    await fastify.listen({ host: config.host, port: config.port });
  } catch (error) {
    throw listenFault(error, config);
  }
  const address = fastify.server.address();
  if (address !== null && typeof address === 'object') config.port = address.port;
}

const LISTEN_FAULTS: Record<string, string> = {
  EADDRINUSE: 'is taken by another program (perhaps a Chartseal that still runs). Stop it, or set PORT',
  EACCES: 'may not be used by this user. Set PORT to 1024 or higher',
  EADDRNOTAVAIL: 'is not an address of this machine. Set HOST',
  ENOTFOUND: 'is not a known host. Set HOST',
};

function listenFault(error: unknown, { host, port }: Config): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const fault = LISTEN_FAULTS[code];
  return fault === undefined ? error : new ExitError(`${host}:${port} ${fault}.`, exitCodes.port, { cause: error });
}

/** Drains open requests, seals what is pending, stops PostgreSQL; a second signal, or a hang, ends it at once. */
function stopOnSignal(logger: Logger, close: () => Promise<void>): void {
  let stoppingSince: number | null = null;

  const stop = async (why: string, exitCode: number): Promise<void> => {
    if (stoppingSince !== null) {
      if (Date.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(exitCodes.failure);
      return;
    }
    stoppingSince = Date.now();
    say(`\n${why}: finishing open requests`);
    try {
      await close();
      say('Stopped.');
      process.exit(exitCode);
    } catch (error) {
      reportAndExit(error);
    }
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop('Stopping', exitCodes.ok));
  }
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      logger.fatal({ err: error }, 'an unexpected fault; the server stops');
      void stop('Stopping after a fault', exitCodes.failure);
    });
  }
}

/** Lets open requests end, within a time. */
async function drain(app: App): Promise<void> {
  const deadline = setTimeout(() => app.fastify.server.closeAllConnections(), DRAIN_MS);
  await app.close();
  clearTimeout(deadline);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (require.main === module) void main();
