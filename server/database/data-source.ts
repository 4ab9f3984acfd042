import 'reflect-metadata';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { Gate } from '../platform/gate';
import { runnerOf, TransactionRunner } from './transaction-runner';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Longest time one statement may run, in milliseconds: a hostile query cannot hold a connection for ever. */
  statementTimeoutMs?: number;
  /** Entity, subscriber and migration classes; registry.ts lists them. */
  entities: Function[];
  subscribers: Function[];
  migrations: Function[];
}

const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * Connections no transaction may take. Work within a transaction reads keys and accounts on connections of its own; if
 * transactions could take them all, each would wait for one that never comes.
 */
const KEPT_FOR_READS = 3;

class HospitalDataSource extends DataSource {
  private readonly gate: Gate;

  constructor(options: DataSourceOptions, poolSize: number) {
    super(options);
    this.gate = new Gate(poolSize - KEPT_FOR_READS);
  }

  override createQueryRunner(mode: Parameters<DataSource['createQueryRunner']>[0] = 'master'): TransactionRunner {
    const runner = new TransactionRunner(this.driver as PostgresDriver, mode);
    runner.manager = this.createEntityManager(runner);
    return runner;
  }

  override transaction<T>(...args: Transaction<T>): Promise<T> {
    const [isolation, work] = args.length === 1 ? [undefined, tellingTheCause(args[0])] : [args[0], tellingTheCause(args[1])]; // prettier-ignore
    return this.gate.pass(() => (isolation ? super.transaction(isolation, work) : super.transaction(work)));
  }
}

/** A statement nobody waited for may be what failed; the ones after it only say that something had. */
function tellingTheCause<T>(work: Work<T>): Work<T> {
  return async (manager) => {
    try {
      return await work(manager);
    } catch (error) {
      throw runnerOf(manager).causeOf(error);
    }
  };
}

type Work<T> = (manager: EntityManager) => Promise<T>;
type Transaction<T> = [work: Work<T>] | [isolation: Parameters<DataSource['transaction']>[0] & string, work: Work<T>];

/** The DataSource of the server, the command line and the TypeORM CLI. Tables come from migrations only. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new HospitalDataSource(
    {
      type: 'postgres',
      url: options.url,
      entities: options.entities,
      subscribers: options.subscribers,
      migrations: options.migrations,
      migrationsTableName: 'schema_migration',
      migrationsTransactionMode: 'each',
      synchronize: false,
      logging: false,
      installExtensions: false,
      applicationName: 'chartseal',
      poolSize: options.poolSize,
      extra: {
        statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
        keepAlive: true,
        pipeline: true,
      },
    },
    options.poolSize,
  );
}
