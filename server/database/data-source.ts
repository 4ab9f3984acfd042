import 'reflect-metadata';
import { DataSource } from 'typeorm';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Entity, subscriber and migration classes; registry.ts lists them. */
  entities: Function[];
  subscribers: Function[];
  migrations: Function[];
}

/** Longest time one statement may run, in milliseconds: a hostile query cannot hold a connection for ever. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** The DataSource of the server, the command line and the TypeORM CLI. Tables come from migrations only. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
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
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, keepAlive: true },
  });
}
