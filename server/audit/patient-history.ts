import type { Pool } from 'pg';
import type { Page } from '../graphql/pagination';
import { AuditOrderField, OrderDirection } from './audit.inputs';
import type { AuditEntry } from './audit.types';
import * as log from './log-conditions';
import type { Condition } from './log-conditions';
import { entriesOf } from './log-lists';
import { LogOrder } from './log-order';
import { placesOf } from './log-places';
import { LogView } from './log-view';
import type { LogPage, LogQuery } from './log-walks';
import { EntryProofs } from './entry-proofs';
import type { LogProofs } from './proofs';
import { shownEntry } from './shown-entry';

/** What is asked of patients' entries. */
export interface HistoryQuestion {
  /** All ids under which the log speaks of one person. */
  patients: readonly string[];
  /** At or after, and before. */
  from: Date;
  to: Date;
  /** Only entries before this place. */
  below: number;
  /** Only disclosures to the outside. */
  disclosed: boolean;
}

/** Acts by which a record leaves the hospital, whoever does them. */
const DISCLOSING_ACTIONS = ['print', 'export'] as const;
/** The role of other hospitals' and suppliers' systems: whatever they are answered is outside. */
const OUTSIDE_ROLE = 'INTEGRATION';

const OLDEST_FIRST = new LogOrder({ field: AuditOrderField.INDEX, direction: OrderDirection.ASC });

/** The entries about one person, in the order of the log, with what proves them. */
export class PatientHistory {
  private readonly view: LogView;

  constructor(
    private readonly pool: Pool,
    private readonly proofs: LogProofs,
  ) {
    this.view = new LogView(pool);
  }

  /** What can be proven as of now. */
  asOfNow(): Promise<EntryProofs> {
    return EntryProofs.open(this.pool, this.proofs);
  }

  /**
   * One page and one entry more, in walking order; a page goes on from the index of an entry. Never short before the end, however
   * many entries have to be looked through.
   */
  async page(question: HistoryQuestion, { size, backward, from }: Page): Promise<AuditEntry[]> {
    const query = await this.query(question);
    const entries: AuditEntry[] = [];
    for (let next: string[] | null | undefined = from && ['', ...from]; next !== undefined && entries.length <= size;) {
      const page = { size: size - entries.length, backward, from: next };
      const { rows, stoppedAt }: LogPage = await this.view.page(query, OLDEST_FIRST, page);
      entries.push(...rows.map(shownEntry));
      next = stoppedAt;
    }
    return entries;
  }

  /** How many entries there are; undefined above 10,000. */
  async count(question: HistoryQuestion): Promise<number | undefined> {
    return this.view.count(await this.query(question));
  }

  private async query({ patients, from, to, below, disclosed }: HistoryQuestion): Promise<LogQuery> {
    const filter = { from, to, ...(await placesOf(this.pool, { from, to, toIndex: below })) };
    const where = [...log.timed(filter), ...(disclosed ? [DISCLOSED] : [])];
    return { among: [entriesOf(patients, filter)], where, filter };
  }
}

const DISCLOSED: Condition = {
  sql: (actions, role) => `e.outcome = 'ok' AND (e.action = ANY(${actions}::text[]) OR e.role = ${role})`,
  value: DISCLOSING_ACTIONS,
  also: OUTSIDE_ROLE,
};
