import type { Pool } from 'pg';
import type { LogState, LogVerifier } from './log-verifier';

/** How the log stands: what is sealed, signed and verified. */
export interface LogStatus {
  size: number;
  root: string;
  /** Newest signed note, and when it was signed. */
  checkpoint: string | null;
  checkpointAt: Date | null;
  /** Entries in the newest checkpoint that the witnesses asked for have signed too, and when they had. */
  cosignedSize: number | null;
  cosignedAt: Date | null;
  /** Entries in the newest checkpoint that an authority has time-stamped, and when. */
  timeStampedSize: number | null;
  timeStampedAt: Date | null;
  pending: number;
  verifiedTo: number;
  verifiedAt: Date | null;
  state: LogState;
  brokenAt: number | null;
  finding: string | null;
}

interface StatusRow {
  size: string;
  root: Buffer;
  note: string | null;
  at: Date | null;
  cosigned_size: string | null;
  cosigned_at: Date | null;
  stamped_size: string | null;
  gen_time: Date | null;
  pending: string;
}

/** Entries of all shards that the witnesses have signed: a note of the shard before is its final one. */
const COSIGNED = `CASE WHEN NOT starts_with(cosigned_note, origin || E'\\n') THEN first_index
  ELSE first_index + cosigned_size END`;

/** Entries of all shards in the newest checkpoint that was time-stamped. */
const NEWEST_STAMP = `SELECT (t.size + coalesce(s.first_index, h.first_index))::text AS stamped_size, t.gen_time
  FROM audit_time_stamp t CROSS JOIN audit_head h LEFT JOIN audit_shard s ON s.number = t.shard
  ORDER BY t.shard DESC, t.size DESC LIMIT 1`;

/** Reads how the log stands; what this process knows of its last verification stands beside it. */
export async function readStatus(
  pool: Pool,
  verifier: Pick<LogVerifier, 'verdict' | 'verifiedAt' | 'state'>,
): Promise<LogStatus> {
  const { rows } = await pool.query<StatusRow>(
    `SELECT h.size::text, root, note, at, ${COSIGNED}::text AS cosigned_size, cosigned_at, stamped_size, gen_time,
       (SELECT count(*) FROM audit_pending) AS pending
     FROM audit_head h LEFT JOIN audit_newest_checkpoint USING (one) LEFT JOIN (${NEWEST_STAMP}) AS stamp ON true`,
  );
  const head = rows[0];
  const { verdict, verifiedAt, state } = verifier;
  return {
    size: Number(head?.size ?? 0),
    root: head?.root.toString('hex') ?? '',
    checkpoint: head?.note ?? null,
    checkpointAt: head?.at ?? null,
    cosignedSize: head?.cosigned_size ? Number(head.cosigned_size) : null,
    cosignedAt: head?.cosigned_at ?? null,
    timeStampedSize: head?.stamped_size ? Number(head.stamped_size) : null,
    timeStampedAt: head?.gen_time ?? null,
    pending: Number(head?.pending ?? 0),
    verifiedTo: verdict?.size ?? 0,
    verifiedAt,
    state,
    brokenAt: verdict?.at ?? null,
    finding: verdict?.finding ?? null,
  };
}
