import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { insertRows } from '../database/insert-rows';
import { systemContext } from '../graphql/context';
import type { Generations } from '../patients';
import { newId } from '../platform/ids';
import { SnoopingFinding } from './finding.entity';
import { BURSTS, FORGET, ODD_HOURS, pairs, REMEMBER_HOURS, REMEMBER_SEEN, rulesOfPairs } from './rules-sql';
import type { SnoopingRule } from './snooping.values';
import type { StaffLikenesses } from './staff-likenesses';

/** Entries judged in one transaction: some tens of milliseconds. */
const BATCH = 1_024;
/** Rows that are too old, forgotten with each batch at most. */
const FORGOTTEN = 500;
/** Entries judged together lie within so many minutes, so that a burst is seen in the middle of a long backlog too. */
const SPAN_MINUTES = 10;

/** A hit of a rule: an entry, and whose finding it belongs to. */
interface Hit {
  rule: SnoopingRule;
  severity: number;
  userId: string;
  patientId: string | null;
  index: string;
  at: Date;
  day: string;
}

/** Entries judged together, and the time of the first. */
interface Range {
  from: string;
  to: string;
  at: Date;
}

/** When somebody was shown a patient last. */
interface Newest {
  userId: string;
  at: Date;
}

/** When the rules find something worth asking about; `.env.example` explains each. */
export interface RuleSettings {
  /** Rules that are judged; null: all of them. */
  rules: readonly string[] | null;
  /** IANA name of the hospital's time zone. */
  timeZone: string;
  burstPatients: number;
  burstMinutes: number;
  burstFactor: number;
  /** Hours of the day from the first up to, not including, the second; null: no hour is odd. */
  oddHours: { from: number; to: number } | null;
}

export interface JudgeDeps {
  base: Foundation;
  generations: Generations;
  staff: StaffLikenesses;
  settings: RuleSettings;
  /** Off: nobody has a care team, so lacking one says nothing. */
  careTeam: boolean;
}

/**
 * Judges the sealed log, entry after entry, by rules that run in PostgreSQL on keyed tokens and on what the log says: no record
 * is opened. A batch, its findings and how far it came are one transaction: whenever a process dies, the next goes on from
 * there, and nothing is found twice or lost.
 */
export class Judge {
  private most = BATCH;

  constructor(private readonly deps: JudgeDeps) {}

  /** True when there are entries that no rule has judged yet. */
  async isBehind(): Promise<boolean> {
    const [row] = await this.deps.base.dataSource.query<{ behind: boolean }[]>(BEHIND);
    return row?.behind ?? false;
  }

  /**
   * Judges one batch; false when there is nothing to judge, or not yet: while the index is built that tells who is alike. What
   * PostgreSQL refuses, or stops because it takes too long, is judged in fewer entries the next time. One that cannot be judged
   * by itself is passed over: it must not keep all that follows from being judged. Throws what it was, each time.
   */
  async batch(): Promise<boolean> {
    const { base, staff, generations } = this.deps;
    const generation = await generations.active();
    const [row] = await base.dataSource.query<{ likeness: boolean }[]>(
      'SELECT likeness FROM search_generation WHERE version = $1',
      [generation.version],
    );
    if (!row?.likeness) return false;
    await staff.complete(generation);
    try {
      const judged = await this.inTransaction((manager) => this.judge(manager, generation.version));
      this.most = Math.min(BATCH, this.most * 4);
      return judged;
    } catch (error) {
      if (!isOfEntries(error)) throw error;
      if (this.most === 1) await this.passOver(error);
      this.most = Math.ceil(this.most / 4);
      throw error;
    }
  }

  private inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return runIn(systemContext('snooping rules'), () => this.deps.base.dataSource.transaction(work));
  }

  private async passOver(cause: unknown): Promise<void> {
    const index = await this.inTransaction(async (manager) => {
      const [range] = await manager.query<Range[]>(NEXT, [1, SPAN_MINUTES]);
      if (range) await manager.query(COME_TO, [range.to]);
      return range?.from;
    });
    throw new Error(`Entry ${index} cannot be judged and is passed over.`, { cause });
  }

  private async judge(manager: EntityManager, generation: number): Promise<boolean> {
    const [range] = await manager.query<Range[]>(NEXT, [this.most, SPAN_MINUTES]);
    if (!range) return false;
    const { from, to, at } = range;
    for (const forget of FORGET) await manager.query(forget, [FORGOTTEN, at]);
    const people = await manager.query<Newest[]>(REMEMBER_SEEN, [from, to]);
    const newest = [people.map(({ userId }) => userId), people.map((one) => one.at)];
    const hits = await this.hits(manager, [from, to], newest, generation);
    await manager.query(REMEMBER_HOURS, newest);
    await this.keep(manager, hits);
    await manager.query(COME_TO, [to]);
    return true;
  }

  private async hits(
    manager: EntityManager,
    range: [string, string],
    newest: unknown[],
    generation: number,
  ): Promise<Hit[]> {
    const { settings, careTeam } = this.deps;
    const isOn = (rule: string) => (settings.rules?.includes(rule) ?? true) && (rule !== 'NO_RELATION' || careTeam);
    const { timeZone, burstMinutes, burstPatients, burstFactor, oddHours } = settings;
    const rules = rulesOfPairs.filter(isOn);
    const found: Hit[] = [];
    if (rules.length > 0) found.push(...(await manager.query<Hit[]>(pairs(rules), [...range, generation, timeZone])));
    if (isOn('BURST'))
      found.push(
        ...(await manager.query<Hit[]>(BURSTS, [...newest, timeZone, burstMinutes, burstPatients, burstFactor])),
      );
    if (isOn('ODD_HOUR') && oddHours)
      found.push(...(await manager.query<Hit[]>(ODD_HOURS, [...range, timeZone, oddHours.from, oddHours.to])));
    return found;
  }

  /** Adds each hit to its open finding of that day, and opens those that are missing, each with an entry of the log. */
  private async keep(manager: EntityManager, hits: readonly Hit[]): Promise<void> {
    if (hits.length === 0) return;
    const byKey = new Map<string, Hit[]>();
    for (const hit of hits) byKey.set(keyOf(hit), [...(byKey.get(keyOf(hit)) ?? []), hit]);
    const groups = [...byKey.values()];
    const open = await manager.query<({ id: string } & Whose)[]>(OPEN, [
      groups.map(([hit]) => hit!.rule),
      groups.map(([hit]) => hit!.userId),
      groups.map(([hit]) => hit!.patientId),
      groups.map(([hit]) => hit!.day),
    ]);
    const ids = new Map(open.map((finding) => [keyOf(finding), finding.id]));
    const fresh = groups.flatMap(([hit]) => (hit && !ids.has(keyOf(hit)) ? [this.opened(hit)] : []));
    await insertRows(manager, SnoopingFinding, fresh);
    for (const finding of fresh) ids.set(keyOf(finding), finding.id);
    await manager.query(ADD_HITS, [
      hits.map((hit) => ids.get(keyOf(hit))),
      hits.map(({ index }) => index),
      hits.map(({ at }) => at),
      hits.map(({ severity }) => severity),
    ]);
  }

  private opened({ rule, userId, patientId, day }: Whose): SnoopingFinding {
    const finding = Object.assign(new SnoopingFinding(), { id: newId(), rule, userId, patientId, day });
    const ownerId = patientId ?? SYSTEM_OWNER;
    const foundAt = this.deps.base.clock.now();
    return Object.assign(finding, {
      ownerId,
      foundAt,
      verdict: null,
      reviewedBy: null,
      reviewedAt: null,
      noteSealed: null,
    });
  }
}

/** SQLSTATE data exception (22), or query canceled: it took too long. Anything else may go better with the same entries. */
function isOfEntries(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22|^57014$/.test(String(error.code));
}

type Whose = Pick<Hit, 'rule' | 'userId' | 'patientId' | 'day'>;

function keyOf({ rule, userId, patientId, day }: Whose): string {
  return `${rule} ${userId} ${patientId ?? '-'} ${day}`;
}

const BEHIND = `SELECT p.next_index < h.size AS behind FROM snooping_progress p CROSS JOIN audit_head h`;

const COME_TO = 'UPDATE snooping_progress SET next_index = $1';

/** The row of progress is locked: two that judge at once would otherwise do so twice. Dropped shards are passed over. */
const NEXT = `WITH begun AS MATERIALIZED (SELECT next_index FROM snooping_progress FOR UPDATE),
  batch AS MATERIALIZED (
    SELECT e.index, e.at FROM audit_entry e WHERE e.index >= (SELECT next_index FROM begun) ORDER BY e.index LIMIT $1),
  first AS (SELECT index, at FROM batch ORDER BY index LIMIT 1)
  SELECT first.index::text AS "from", first.at, (1 + (SELECT max(b.index) FROM batch b
      WHERE NOT EXISTS (SELECT FROM batch c WHERE c.index <= b.index AND c.at > first.at + make_interval(mins => $2))
    ))::text AS "to"
  FROM first`;

const OPEN = `SELECT f.id, f.rule, f.user_id AS "userId", f.patient_id AS "patientId", f.day
  FROM snooping_finding f JOIN unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) AS w (rule, user_id, patient_id, day)
    ON (f.rule, f.user_id, f.day) = (w.rule, w.user_id, w.day) AND f.patient_id IS NOT DISTINCT FROM w.patient_id
  WHERE f.verdict IS NULL FOR KEY SHARE OF f`;

const ADD_HITS = `INSERT INTO snooping_hit (finding_id, index, at, severity)
  SELECT h.finding_id, h.index, min(h.at), max(h.severity)
  FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::smallint[]) AS h (finding_id, index, at, severity)
  GROUP BY h.finding_id, h.index ON CONFLICT DO NOTHING`;
