import type { EntityManager } from 'typeorm';
import { ChartsealError } from '../graphql/errors';

/** By PostgreSQL's clock; grants last an hour at most, so the older ones are left out along the index of `expires_at`. */
const TAKEN = `
  SELECT count(*)::int AS taken, ceil(extract(epoch FROM min(started_at) + interval '1 hour' - statement_timestamp()))::int AS wait
  FROM break_glass_grant
  WHERE user_id = $1 AND expires_at > statement_timestamp() - interval '1 hour'
    AND started_at > statement_timestamp() - interval '1 hour'`;

/**
 * Demands that this person has not broken the glass too often within an hour, at all servers together; the caller holds the
 * person's row, so that many at once are counted one by one. Throws RATE_LIMITED, saying who can help meanwhile.
 */
export async function demandNotTooOften(manager: EntityManager, userId: string, perHour: number): Promise<void> {
  const [row] = await manager.query<{ taken: number; wait: number }[]>(TAKEN, [userId]);
  if (row!.taken < perHour) return;
  throw new ChartsealError(
    'RATE_LIMITED',
    `${row!.taken} emergency accesses within an hour. The care team of the patient or an administrator can add you to it meanwhile.`,
    { retryAfterSeconds: Math.max(1, row!.wait) },
  );
}
