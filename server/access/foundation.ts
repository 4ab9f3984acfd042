import type { DataSource } from 'typeorm';
import type { AuditQueue } from '../audit';
import type { Keyring } from '../crypto/keyring';
import type { TokenKeys } from '../crypto/tokens';
import type { Cursors } from '../graphql/pagination';
import type { Clock } from '../platform/clock';
import type { AccessPolicy } from './policy';

/** What every feature stands on: the database, the keys, the log, the rules and the time. */
export interface Foundation {
  readonly dataSource: DataSource;
  readonly keyring: Keyring;
  readonly tokens: TokenKeys;
  readonly cursors: Cursors;
  readonly audit: AuditQueue;
  readonly policy: AccessPolicy;
  readonly clock: Clock;
}
