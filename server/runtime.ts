import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Foundation } from './access/foundation';
import { AccessPolicy } from './access/policy';
import { AuditLog, AuditQueue, Sealer } from './audit';
import type { Config } from './config/config';
import { openKeyFile } from './crypto/custody/key-file';
import { custodyFromSecret } from './crypto/custody/secret';
import { createDataSource } from './database/data-source';
import { holdsNoKeys, openKeys } from './database/key-bootstrap';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open';
import { Cursors } from './graphql/pagination';
import { systemClock, type Clock } from './platform/clock';
import type { Say } from './platform/exit';
import { createMetrics, type Metrics } from './platform/metrics';
import { entities, makeServices, migrations, subscribers, type Services } from './registry';

/** An opened hospital: what the server and every command stand on. */
export interface Runtime {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly base: Foundation;
  readonly services: Services;
  readonly auditLog: AuditLog;
  /** Lets go of everything, sealing what is pending first. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  logger: Logger;
  say?: Say;
  clock?: Clock;
}
