import type { DataSource } from 'typeorm';
import { binaryArray } from '../database/binary-array';
import { send } from '../database/transaction-runner';
import type { Within } from './demographic-buckets';

/** Whoever counts meanwhile waits, or a patient moved between reading days and writing months would be missed. */
const LOCK = { text: 'LOCK TABLE demographic_count IN SHARE ROW EXCLUSIVE MODE' };

/** Written in the order of their names, which says nothing of their order in the year. */
const MAKE = {
  text: `INSERT INTO demographic_count (bucket, people)
    SELECT asked.month, coalesce(sum(day.people), 0)
    FROM unnest($1::bytea[], $2::bytea[]) AS asked (day, month)
      LEFT JOIN demographic_count day ON day.bucket = asked.day
      LEFT JOIN demographic_count kept ON kept.bucket = asked.month
    GROUP BY asked.month HAVING coalesce(sum(day.people), 0) <> coalesce(max(kept.people), 0)
    ORDER BY asked.month
    ON CONFLICT (bucket) DO UPDATE SET people = excluded.people`,
};

/**
 * Makes months what their days add up to, in one transaction: it happens or it does not, and may be done again. Hospitals from
 * before months were counted have none, and a server of then that still runs leaves them behind.
 */
export async function makeMonths(dataSource: DataSource, days: readonly Within[]): Promise<void> {
  const bytes = (names: string[]) => binaryArray('bytea', names.map((name) => Buffer.from(name, 'hex'))); // prettier-ignore
  const values = [bytes(days.map(({ part }) => part)), bytes(days.map(({ whole }) => whole))];
  await dataSource.transaction(async (manager) => {
    void send(manager, LOCK, []);
    await send(manager, MAKE, values);
  });
}
