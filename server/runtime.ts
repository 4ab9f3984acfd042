import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Foundation } from './access/foundation';
import { AccessPolicy } from './access/policy';
import { AuditLog, AuditQueue, openWitnessPolicy, type AuditLogOptions } from './audit';
import { watchGrants } from './break-glass';
import type { Config } from './config/config';
import { openOwnCustody } from './custody';
import { createDataSource } from './database/data-source';
import { openKeys } from './database/key-bootstrap';
import { KeyNews } from './database/key-news';
import { migrate } from './database/migrate';
import { migrations } from './database/migrations';
import { openDatabase } from './database/open';
import { poolOf } from './database/reader';
import type { DatabaseUrls } from './database/roles';
import { Cursors } from './graphql/pagination';
import { createIdentity, type Identity } from './identity';
import { systemClock, type Clock } from './platform/clock';
import type { Say } from './platform/exit';
import { Metrics } from './platform/metrics';
import { entities, makeServices, subscribers, type Services } from './registry';

/** An opened hospital: what the server and every command stand on. */
export interface Runtime {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly base: Foundation;
  readonly services: Services;
  readonly identity: Identity;
  readonly auditLog: AuditLog;
  /** Lets go of everything, sealing what is pending first. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  logger: Logger;
  say?: Say;
  clock?: Clock;
}

/**
 * Opens the hospital the settings name: database, tables, keys, log, services. The server and the commands do the same, and
 * may do it at the same time.
 *
 * @throws ExitError with one clear line when the database cannot be used, WrongRootKeyError when the root key is not its own
 */
export async function openRuntime(config: Config, options: RuntimeOptions): Promise<Runtime> {
  const { logger, say = () => undefined, clock = systemClock } = options;
  const database = await openDatabase(config, say);
  const closing: (() => Promise<void>)[] = [() => database.close()];
  /** All of it, whatever fails: a pool left open would keep the process, and the database would not be left to others. */
  const close = async () => {
    const failed: unknown[] = [];
    for (const step of closing.splice(0).reverse()) await step().catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };
  try {
    const applied = await migrate(database.urls.owner, migrations);
    if (applied.length > 0) say(`Tables brought up to date: ${applied.length} migrations`);
    const dataSource = createDataSource({
      url: database.urls.app,
      poolSize: config.poolSize,
      statementTimeoutMs: config.statementTimeoutMs,
      entities,
      subscribers,
      migrations,
    });
    await dataSource.initialize();
    closing.push(() => dataSource.destroy());

    const metrics = new Metrics();
    const keys = await openKeys(dataSource, await openOwnCustody(config.rootKey, dataSource, say));
    const keyNews = await KeyNews.open({ url: database.urls.app, keyring: keys.keyring, logger });
    closing.push(() => keyNews.close());
    const audit = new AuditQueue(dataSource, clock);
    const policy = new AccessPolicy(config.careTeam, clock);
    const cursors = new Cursors(keys.tokens.derive('cursors'));
    const base: Foundation = { dataSource, ...keys, keyNews, cursors, audit, policy, clock };
    const identity = await createIdentity(base, config);
    closing.push(() => identity.upkeep.close());
    const auditLog = await openLog(config, { urls: database.urls, dataSource, clock, logger, metrics });
    closing.push(() => auditLog.close());
    const services = servicesOf(config, base, identity, auditLog, logger);
    watchGrants(metrics.registry, dataSource);
    metrics.watchConnections(poolOf(dataSource));
    closing.push(() => audit.close());
    closing.push(() => services.keys.close());
    await services.searchUpkeep.open();
    closing.push(() => services.searchUpkeep.close());
    closing.push(() => services.snooping.watch.close());
    const erased = await services.erasures.again.run();
    if (erased > 0) say(`Erased again: ${erased} patients whom a restored database had brought back`);
    return { config, logger, metrics, clock, dataSource, base, services, identity, auditLog, close };
  } catch (error) {
    await close().catch(() => undefined); // why it could not be opened says more
    throw error;
  }
}

/** Opens the audit log that the settings describe. */
async function openLog(
  config: Config,
  { urls, ...tools }: Pick<AuditLogOptions, 'dataSource' | 'clock' | 'logger' | 'metrics'> & { urls: DatabaseUrls },
): Promise<AuditLog> {
  return AuditLog.open({
    ...tools,
    url: urls.sealer,
    ownerUrl: urls.owner,
    dataDir: config.dataDir,
    signingKeyFile: config.logSigningKeyFile,
    witnesses: await openWitnessPolicy(config.witnessPolicy),
    yearlyShards: config.yearlyShards,
    timeStamps: config.timeStamps,
  });
}

function servicesOf(
  config: Config,
  base: Foundation,
  identity: Identity,
  auditLog: AuditLog,
  logger: Logger,
): Services {
  const { dataDir, namePrefixSearch, keyMaxAgeDays, careTeam, breakGlassPerHour } = config;
  const snooping = { settings: config.snooping, careTeam };
  return makeServices(base, identity, auditLog, {
    dataDir,
    namePrefixSearch,
    keyMaxAgeDays,
    breakGlassPerHour,
    logger,
    snooping,
  });
}
