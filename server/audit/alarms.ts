import type { DataSource } from 'typeorm';
import { runIn } from '../crypto/access-scope';
import { badInput, notFound } from '../graphql/errors';
import { systemContext, type RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { noteAct } from './audit.subscriber';

/**
 * What can be wrong with the log. BROKEN: it does not verify. CLOCK: a clock was set back between two entries. VANISHED: an
 * entry was taken away before it was sealed. STALE: nothing newer was signed for too long. BACKLOG: entries are not sealed.
 */
export const alarmKinds = ['BROKEN', 'CLOCK', 'VANISHED', 'STALE', 'BACKLOG'] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** Kinds that are over when their cause is; of all others somebody has to take note. */
const passing: readonly AlarmKind[] = ['STALE', 'BACKLOG'];

export interface AlarmDraft {
  kind: AlarmKind;
  /** In words; never patient data. */
  finding: string;
  entryIndex?: number | null;
  requestId?: string | null;
  /** Tells it from others of its kind that are about no entry and no request. */
  about?: string;
}

export interface Alarm {
  id: string;
  kind: AlarmKind;
  finding: string;
  entryIndex: number | null;
  requestId: string | null;
  raisedAt: Date;
  /** Since when it holds no more, acknowledged or not. */
  endedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  note: string | null;
}

const LONGEST_FINDING = 500;
/** The newest are told; who has more has a log file to read. */
const MOST = 50;

const COLUMNS = `id, kind, finding, entry_index::int AS "entryIndex", request_id AS "requestId", raised_at AS "raisedAt",
  ended_at AS "endedAt", acknowledged_at AS "acknowledgedAt", acknowledged_by AS "acknowledgedBy", note`;

const UNANSWERED = `acknowledged_at IS NULL AND (ended_at IS NULL OR kind NOT IN (${passing.map((kind) => `'${kind}'`).join()}))`;

/** The alarms of the log, shared by all servers of the hospital: one open alarm for each kind and place, however many see it. */
export class LogAlarms {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Raises an alarm unless the same one is open; true when it is new. Raising is an entry of the log itself, so an alarm taken
   * out of its table is still to be found.
   */
  async raise(draft: AlarmDraft): Promise<boolean> {
    const { kind, entryIndex = null, requestId = null } = draft;
    const place = placeOf(draft);
    const open = 'SELECT FROM audit_alarm WHERE kind = $1 AND place = $2 AND ended_at IS NULL';
    if ((await this.dataSource.query<unknown[]>(open, [kind, place])).length > 0) return false;
    const id = newId();
    return runIn(systemContext('log alarm', 'oversight'), () =>
      this.dataSource.transaction(async (manager) => {
        const rows = await manager.query<unknown[]>(
          `INSERT INTO audit_alarm (id, kind, place, finding, entry_index, request_id) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (kind, place) WHERE ended_at IS NULL DO NOTHING RETURNING id`,
          [id, kind, place, draft.finding.slice(0, LONGEST_FINDING), entryIndex, requestId],
        );
        if (rows.length === 0) return false;
        noteAct(manager, { action: 'alarm', outcome: 'failed', target: { type: 'alarm', id }, fields: [kind] });
        return true;
      }),
    );
  }

  /** What these alarms were raised for is over; those of some kinds stay until they are acknowledged all the same. */
  async end(kinds: readonly AlarmKind[], about?: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE audit_alarm SET ended_at = clock_timestamp()
       WHERE ended_at IS NULL AND kind = ANY($1) AND ($2::text IS NULL OR place = $2)`,
      [kinds, about ?? null],
    );
  }

  /** Alarms that nobody has acknowledged yet, newest first. */
  unanswered(): Promise<Alarm[]> {
    return this.dataSource.query<Alarm[]>(
      `SELECT ${COLUMNS} FROM audit_alarm WHERE ${UNANSWERED} ORDER BY raised_at DESC LIMIT ${MOST}`,
    );
  }

  /** Alarms of any state: those nobody has acknowledged first, then the newest. */
  latest(): Promise<Alarm[]> {
    return this.dataSource.query<Alarm[]>(
      `SELECT ${COLUMNS} FROM audit_alarm ORDER BY (${UNANSWERED}) DESC, raised_at DESC LIMIT ${MOST}`,
    );
  }

  /** How many nobody has acknowledged, by kind. */
  async count(): Promise<Map<AlarmKind, number>> {
    const rows = await this.dataSource.query<{ kind: AlarmKind; n: number }[]>(
      `SELECT kind, count(*)::int AS n FROM audit_alarm WHERE ${UNANSWERED} GROUP BY kind`,
    );
    return new Map(rows.map(({ kind, n }) => [kind, n]));
  }

  /**
   * Takes note of an alarm; that is an entry of the same transaction. It mends nothing: a broken log stays broken until the
   * whole of it verifies. Throws NOT_FOUND, and BAD_USER_INPUT when somebody has acknowledged it already.
   */
  acknowledge({ actor }: RequestContext, id: string, note: string): Promise<Alarm> {
    return this.dataSource.transaction(async (manager) => {
      const [rows] = await manager.query<[Alarm[], number]>(
        `UPDATE audit_alarm SET acknowledged_at = clock_timestamp(), acknowledged_by = $2, note = $3
         WHERE id = $1 AND acknowledged_at IS NULL RETURNING ${COLUMNS}`,
        [id, actor.id, note],
      );
      if (!rows[0]) {
        const known = await manager.query<unknown[]>('SELECT FROM audit_alarm WHERE id = $1', [id]);
        throw known.length > 0 ? badInput('id', 'Somebody has acknowledged it already.') : notFound('alarm');
      }
      const target = { type: 'alarm', id };
      noteAct(manager, { action: 'acknowledge', target, fields: [rows[0].kind], reason: note, purpose: 'oversight' });
      return rows[0];
    });
  }
}

function placeOf({ entryIndex, requestId, about }: AlarmDraft): string {
  return about ?? requestId ?? (entryIndex === null || entryIndex === undefined ? 'log' : String(entryIndex));
}
