import type { DataSource } from 'typeorm';
import type { AuditQueue } from '../audit';
import type { KeyCustody } from '../crypto/custody/custody';
import type { Keyring } from '../crypto/keyring';
import type { TokenKeys } from '../crypto/tokens';
import type { KeyNews } from '../database/key-news';
import type { Cursors } from '../graphql/pagination';
import type { Clock } from '../platform/clock';
import type { AccessPolicy } from './policy';

/** What every feature stands on: the database, the keys, the log, the rules and the time. */
export interface Foundation {
  readonly dataSource: DataSource;
  readonly keyring: Keyring;
  readonly tokens: TokenKeys;
  readonly keyNews: KeyNews;
  /** Holds the root key. Asked when keys are rotated, never for a request. */
  readonly custody: KeyCustody;
  readonly cursors: Cursors;
  readonly audit: AuditQueue;
  readonly policy: AccessPolicy;
  readonly clock: Clock;
}
