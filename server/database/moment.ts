import type { EntityManager } from 'typeorm';

/**
 * The moment by PostgreSQL's clock, to the millisecond below: what begins or ends an access is written and asked by the
 * same clock, whatever the servers' own say.
 */
export async function moment(manager: EntityManager): Promise<Date> {
  const [row] = await manager.query<{ now: Date }[]>(`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`);
  return row!.now;
}
