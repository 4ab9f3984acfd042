import 'reflect-metadata';
import { processConfig } from './server/config/environment';
import { createDataSource } from './server/database/data-source';
import { migrations } from './server/database/migrations';
import { entities, subscribers } from './server/registry';

const { databaseUrl, poolSize } = processConfig();
if (databaseUrl === null)
  throw new Error('The TypeORM CLI needs DATABASE_URL; the embedded PostgreSQL is for the server.');

/** For the TypeORM CLI: the DataSource of the server, on the PostgreSQL that DATABASE_URL names. */
export default createDataSource({ url: databaseUrl, poolSize, entities, subscribers, migrations });
