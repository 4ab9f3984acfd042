import type { Pool } from 'pg';
import type { AuditFilter } from './audit.inputs';

/** Clocks of servers differ, and an entry may be sealed a little after a later one; never by as much as this, in minutes. */
const CLOCKS_DIFFER_MINUTES = 10;

/**
 * A period as places in the log. Entries of last year are by far not among the newest, which a walk by index would only
 * learn by passing all that came since.
 */
export async function placesOf(
  pool: Pick<Pool, 'query'>,
  { from, to, fromIndex, toIndex }: AuditFilter,
): Promise<Pick<AuditFilter, 'fromIndex' | 'toIndex'>> {
  if (!from && !to) return { fromIndex, toIndex };
  const { rows } = await pool.query<{ above: string | null; below: string | null }>(
    `SELECT (SELECT index FROM audit_entry WHERE at < $1::timestamptz - $3 * interval '1 minute'
         ORDER BY at DESC, -index DESC LIMIT 1) AS above,
       (SELECT index FROM audit_entry WHERE at > $2::timestamptz + $3 * interval '1 minute'
         ORDER BY at, -index LIMIT 1) AS below`,
    [from ?? null, to ?? null, CLOCKS_DIFFER_MINUTES],
  );
  const { above, below } = rows[0] ?? { above: null, below: null };
  const last = Math.min(toIndex ?? Infinity, below === null ? Infinity : Number(below));
  return {
    fromIndex: Math.max(fromIndex ?? 0, above === null ? 0 : Number(above) + 1),
    toIndex: Number.isFinite(last) ? last : null,
  };
}
