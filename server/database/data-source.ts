import 'reflect-metadata';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import { Gate } from '../platform/gate';

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

  override transaction<T>(...args: Transaction<T>): Promise<T> {
    return this.gate.pass(() => (args.length === 1 ? super.transaction(args[0]) : super.transaction(args[0], args[1])));
  }
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
      extra: { statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS, keepAlive: true },
    },
    options.poolSize,
  );
}
