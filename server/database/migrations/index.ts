import { Keys1767225600001 } from './1767225600001-keys';
import { Audit1767225600002 } from './1767225600002-audit';
import { Identity1767225600003 } from './1767225600003-identity';
import { Care1767225600004 } from './1767225600004-care';
import { Search1767225600005 } from './1767225600005-search';
import { KeyLife1767225600006 } from './1767225600006-key-life';
import { Erasure1767225600007 } from './1767225600007-erasure';
import { Scale1767225600008 } from './1767225600008-scale';
import { Tiles1767225600009 } from './1767225600009-tiles';
import { Roles1767225600010 } from './1767225600010-roles';
import { Alarms1767225600011 } from './1767225600011-alarms';
import { LogViews1767225600012 } from './1767225600012-log-views';
import { Shards1767225600013 } from './1767225600013-shards';
import { TimeStamps1767225600014 } from './1767225600014-time-stamps';
import { SecondFactor1767225600015 } from './1767225600015-second-factor';
import { BreakGlass1767225600016 } from './1767225600016-break-glass';
import { ApiClients1767225600017 } from './1767225600017-api-clients';
import { Merge1767225600018 } from './1767225600018-merge';
import { Snooping1767225600019 } from './1767225600019-snooping';
import { Amendments1767225600020 } from './1767225600020-amendments';
import { SharedLimits1767225600021 } from './1767225600021-shared-limits';
import { LedgerSpeed1767225600022 } from './1767225600022-ledger-speed';
import { LogPages1767225600024 } from './1767225600024-log-pages';
import { Verify1767225600026 } from './1767225600026-verify';
import { SearchSwept1767225600027 } from './1767225600027-search-swept';
import { AmendmentPath1767225600028 } from './1767225600028-amendment-path';

/** The only list of migrations, in the order in which they run. One that has landed is never edited. */
export const migrations = [
  Keys1767225600001,
  Audit1767225600002,
  Identity1767225600003,
  Care1767225600004,
  Search1767225600005,
  KeyLife1767225600006,
  Erasure1767225600007,
  Scale1767225600008,
  Tiles1767225600009,
  Roles1767225600010,
  Alarms1767225600011,
  LogViews1767225600012,
  Shards1767225600013,
  TimeStamps1767225600014,
  SecondFactor1767225600015,
  BreakGlass1767225600016,
  ApiClients1767225600017,
  Merge1767225600018,
  Snooping1767225600019,
  Amendments1767225600020,
  SharedLimits1767225600021,
  LedgerSpeed1767225600022,
  LogPages1767225600024,
  Verify1767225600026,
  SearchSwept1767225600027,
  AmendmentPath1767225600028,
];
