import type { Pool } from 'pg';
import { onConnection } from '../database/on-connection';
import type { Page } from '../graphql/pagination';
import type { AuditFilter } from './audit.inputs';
import { fieldSets } from './field-sets';
import * as log from './log-conditions';
import { ownWay, waysTo } from './log-lists';
import type { LogOrder } from './log-order';
import type { LogPeople } from './log-people';
import { placesOf } from './log-places';
import { LogWalks, type LogPage, type LogQuery } from './log-walks';

/** Indexes are walked in their order, however few entries PostgreSQL thinks that there are: fetching all to sort them has no bound. */
export const BEGIN = 'BEGIN READ ONLY; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off';

/**
 * Reads the log by any elements, sorted by any of them, in bounded time at ten million entries (decision 40). PostgreSQL is left
 * nothing to guess: it guesses badly how soon a page is full where elements go together, such as actions that only one role takes.
 */
export class LogView {
  constructor(private readonly pool: Pool) {}

  page(query: LogQuery, order: LogOrder, page: Page): Promise<LogPage> {
    return this.alongIndexes((walks) => walks.page(query, order, page));
  }

  /** How many entries there are; undefined above 10,000, and where more would have to be looked through. */
  count(query: LogQuery): Promise<number | undefined> {
    return this.alongIndexes((walks) => walks.count(query));
  }

  /** What a viewer may see of what the filter asks for. */
  async query(people: LogPeople, asked: AuditFilter): Promise<LogQuery> {
    const filter = { ...asked, ...(await placesOf(this.pool, asked)) };
    const where = [...log.exactly(filter), ...log.placed(filter), ...log.anyOf(filter), ...log.timed(filter)];
    if (people.asked) where.unshift(log.naming(people.asked));
    const seen = log.seenBy(people);
    if (seen) where.unshift(seen);
    const sets = filter.field ? await fieldSets(this.pool, filter.field) : null;
    return { among: [...ownWay(people, filter), ...waysTo(filter, people, sets)], where, filter };
  }

  private alongIndexes<T>(work: (walks: LogWalks) => Promise<T>): Promise<T> {
    return onConnection(this.pool, async (client) => {
      await client.query(BEGIN);
      const found = await work(new LogWalks(client));
      await client.query('COMMIT');
      return found;
    });
  }
}
