import type { Pool } from 'pg';
import { checkpointTime, quorumAt, readNote, type Policy, type Verdict } from '../ledger';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { alarmKinds, type AlarmDraft, type AlarmKind, type LogAlarms } from './alarms';
import type { LogVerifier } from './log-verifier';

export interface AlarmsWatchDeps {
  pool: Pool;
  alarms: LogAlarms;
  verifier: Pick<LogVerifier, 'keys' | 'verdict'>;
  /** Who else must sign; null: nobody is asked. */
  policy: Policy | null;
  logger: Logger;
  metrics: Metrics;
}

/** What is tolerated, in milliseconds. */
export interface AlarmLimits {
  /** A log at rest is signed again every nine minutes; one attempt may fail. */
  signedMs: number;
  /** Witnesses sign what is signed anew; three rounds may fail. */
  cosignedMs: number;
  /** Entries are sealed within a second. */
  pendingMs: number;
}

const LIMITS: AlarmLimits = { signedMs: 15 * 60_000, cosignedMs: 30 * 60_000, pendingMs: 10_000 };
const LOOK_EVERY_MS = 5_000;
/** A server that has just been started signs and seals what it finds lying there: only what holds this often is told. */
const LOOKS = 2;
/** Requests of vanished entries that get an alarm each; more at once get one together. */
const MOST_REQUESTS = 5;
/** While one of these is not acknowledged, the log does not count as intact. */
const grave: readonly AlarmKind[] = ['BROKEN', 'CLOCK', 'VANISHED'];

interface Found {
  size: string | null;
  note: string | null;
  cosigned: string | null;
  waited: string | null;
}

/** Raises the alarms of the log: of what verification finds, of entries that vanish, and of what it sees by looking from time to time. */
export class AlarmsWatch {
  private readonly held = new Map<string, number>();
  private readonly begun = Date.now();
  private broken: AlarmDraft | null = null;
  private started = false;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: AlarmsWatchDeps,
    private readonly limits = LIMITS,
  ) {}

  /** Looks from now on. For servers; commands tell what they found themselves. */
  start(): void {
    this.started = true;
    const look = () => {
      this.looking = this.look()
        .catch((error: unknown) => this.deps.logger.warn({ err: error }, 'could not look at the state of the log'))
        .finally(() => {
          this.timer = setTimeout(look, LOOK_EVERY_MS).unref();
        });
    };
    look();
  }

  async stop(): Promise<void> {
    await this.looking;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Takes note of a verification once this watches. Never throws: the verdict stands, kept or not. */
  async onVerdict(verdict: Verdict, whole: boolean): Promise<void> {
    if (!this.started) return;
    await this.tell(verdict, whole).catch((error: unknown) =>
      this.deps.logger.error({ err: error }, 'an alarm of the log could not be kept'),
    );
  }

  /** Raises the alarm of a verdict. `whole`: from the first entry; a log sound as a whole ends the alarms of a broken one. */
  async tell(verdict: Verdict, whole: boolean): Promise<void> {
    const { alarms } = this.deps;
    this.broken = alarmOf(verdict);
    if (this.broken) await alarms.raise(this.broken);
    else if (whole) await alarms.end(['BROKEN', 'CLOCK']);
    await this.measure();
  }

  /** Takes note that entries of these requests are neither pending nor sealed. */
  async onVanished(requestIds: readonly string[]): Promise<void> {
    const distinct = [...new Set(requestIds)];
    const few = distinct.length <= MOST_REQUESTS;
    for (const requestId of few ? distinct : distinct.slice(0, 1)) {
      const more = few ? '' : `, and those of ${distinct.length - 1} requests more`;
      const finding = `An entry of request ${requestId} was taken away before it was sealed${more}`;
      await this.deps.alarms.raise({ kind: 'VANISHED', requestId, finding });
    }
    await this.measure();
  }

  /** Looks once: at the age of the newest signatures and of what waits. */
  async look(): Promise<void> {
    const found = await this.read();
    await this.judge('STALE', 'signed', this.unsigned(found));
    await this.judge('STALE', 'cosigned', this.uncosigned(found));
    await this.judge('BACKLOG', 'pending', this.waiting(found));
    if (this.broken) await this.deps.alarms.raise(this.broken); // in case somebody took it away
    await this.measure();
  }

  private async judge(kind: AlarmKind, about: string, finding: string | null): Promise<void> {
    const { alarms, logger } = this.deps;
    const looks = finding === null ? 0 : (this.held.get(about) ?? 0) + 1;
    if (finding === null && this.held.get(about) !== 0) await alarms.end([kind], about);
    this.held.set(about, looks);
    if (finding === null || looks < LOOKS) return;
    if (await alarms.raise({ kind, about, finding })) logger.error({ alarm: kind }, `THE AUDIT LOG: ${finding}`);
  }

  private unsigned({ size, note }: Found): string | null {
    if (size === null || size === '0') return null;
    const at = note === null ? null : checkpointTime(note, this.deps.verifier.keys);
    return this.tooOld(at, this.limits.signedMs, 'The newest checkpoint was signed', 'No checkpoint was signed');
  }

  private uncosigned({ size, cosigned }: Found): string | null {
    const { policy } = this.deps;
    if (!policy?.quorum || size === null || size === '0') return null;
    const signed = cosigned === null ? null : readNote(cosigned);
    const at = signed && quorumAt(signed, policy);
    return this.tooOld(at, this.limits.cosignedMs, 'Witnesses have signed last', 'Witnesses have not signed');
  }

  private waiting({ waited }: Found): string | null {
    if (waited === null || Number(waited) < this.limits.pendingMs) return null;
    return `Entries wait to be sealed since ${timeBefore(Number(waited))}`;
  }

  private tooOld(at: Date | null, most: number, last: string, never: string): string | null {
    if (Date.now() - (at?.valueOf() ?? this.begun) <= most) return null;
    return at ? `${last} at ${at.toISOString()}` : `${never} since ${new Date(this.begun).toISOString()}`;
  }

  private async read(): Promise<Found> {
    const { rows } = await this.deps.pool.query<Found>({
      name: 'look-at-log',
      text: `SELECT h.size::text, n.note, n.cosigned_note AS cosigned, p.waited::text
        FROM (VALUES (true)) AS log (one) LEFT JOIN audit_head h USING (one) LEFT JOIN audit_newest_checkpoint n USING (one)
        LEFT JOIN (SELECT true AS one, 1000 * extract(epoch FROM clock_timestamp() - at) AS waited FROM audit_pending
          ORDER BY id LIMIT 1) AS p USING (one)`,
    });
    return rows[0]!;
  }

  private async measure(): Promise<void> {
    const { alarms, metrics, verifier } = this.deps;
    const unanswered = await alarms.count();
    for (const kind of alarmKinds) metrics.auditAlarms.set({ kind }, unanswered.get(kind) ?? 0);
    if (!verifier.verdict) return;
    const sound = !this.broken && !grave.some((kind) => unanswered.has(kind));
    metrics.auditIntact.set(sound ? 1 : 0);
  }
}

/** The alarm that a verdict raises; null when there is no need for one. */
function alarmOf({ word, at, finding, clock }: Verdict): AlarmDraft | null {
  if (word === 'OK') return null;
  return { kind: clock ? 'CLOCK' : 'BROKEN', entryIndex: at, finding: `${word}: ${finding ?? 'no further finding'}` };
}

function timeBefore(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}
