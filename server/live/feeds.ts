import type { Pool } from 'pg';
import {
  entryJson,
  type AuditEntry,
  type AuditFilter,
  type AuditQueue,
  type AuditService,
  type SealedNews,
} from '../audit';
import { runIn } from '../crypto/access-scope';
import { RequestContext } from '../graphql/context';
import { badInput } from '../graphql/errors';
import type { PatientRepository } from '../patients';
import { Bell } from './bell';
import type { LiveContext } from './live-context';

export interface FeedsDeps {
  pool: Pool;
  news: SealedNews;
  log: AuditService;
  audit: AuditQueue;
  patients: PatientRepository;
}

/** Entries read at a time. */
const PAGE = 64;
/** How far back a view may go on from: whoever was away for longer reads the log. */
const FARTHEST_BACK = 10_000;
/** What was read longer ago than this is read again before it is told, in milliseconds: who may see it may have changed. */
const FRESH_MS = 500;

/** Words of entries that say that something of a patient's record was written. */
const CHANGES = ['create', 'update', 'remove', 'delete', 'restore', 'erase'];

const CHANGED = `SELECT 1 FROM audit_entry_patient p JOIN audit_entry e USING (index)
  WHERE p.patient_id = $1 AND p.index >= $2 AND p.index < $3 AND e.action = ANY($4) AND e.outcome = 'ok'
    AND ($5::text IS NULL OR ${entryJson('e.entry')} #>> '{by,s}' IS DISTINCT FROM $5) LIMIT 1`;

/** Where the events of subscriptions come from: the sealed log, read on by index whenever it grew. */
export class Feeds {
  constructor(private readonly deps: FeedsDeps) {}

  /** Entries this viewer may see, in the order of the log. Opening the view is an entry; what it shows is none, as of a page. */
  async entries(
    context: LiveContext,
    filter: AuditFilter,
    after: number | null,
  ): Promise<AsyncIterableIterator<AuditEntry>> {
    const size = await this.size();
    const next = after === null ? size : Math.min(after + 1, size);
    if (size - next > FARTHEST_BACK)
      throw badInput('after', `A view goes on from ${FARTHEST_BACK} entries back at most.`);
    const patients = filter.patientId ? [filter.patientId] : [];
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight', patients });
    return this.entriesFrom(context, filter, next);
  }

  /** The patient's id each time something of the record was written, however many entries that took. */
  async changes(context: LiveContext, patientId: string, byOthers: boolean): Promise<AsyncIterableIterator<string>> {
    const size = await this.size();
    await this.deps.patients.get(context, patientId);
    await this.deps.audit.record({
      action: 'watch',
      target: { type: 'patient', id: patientId },
      patients: [patientId],
    });
    return this.changesFrom(context, patientId, byOthers ? context.actor.sessionId : null, size);
  }

  private async *entriesFrom(context: LiveContext, filter: AuditFilter, from: number): AsyncGenerator<AuditEntry> {
    const bell = new Bell(this.deps.news, context.signal);
    let next = from;
    try {
      while (await bell.heard()) {
        const size = await this.size();
        while (next < size && !context.signal.aborted) {
          const page = await this.page(context, filter, next, size);
          if (page === null) return;
          const stale = Date.now() + FRESH_MS;
          for (const entry of page.entries) {
            if (Date.now() > stale) break;
            next = entry.index + 1;
            yield entry;
          }
          if (next > (page.entries.at(-1)?.index ?? -1)) next = page.reached;
        }
      }
    } finally {
      bell.close();
    }
  }

  /** Entries as whoever this is now may see them; null when it is nobody any more. */
  private async page(
    { viewer }: LiveContext,
    filter: AuditFilter,
    from: number,
    to: number,
  ): Promise<Awaited<ReturnType<AuditService['added']>> | null> {
    const context = new RequestContext({ actor: await viewer.authenticate(), ip: viewer.ip });
    if (!context.actor.id) {
      viewer.lapse();
      return null;
    }
    return runIn(context, () => this.deps.log.added(context, filter, { from, to, limit: PAGE }));
  }

  private async *changesFrom(
    context: LiveContext,
    patientId: string,
    except: string | null,
    from: number,
  ): AsyncGenerator<string> {
    const bell = new Bell(this.deps.news, context.signal);
    let next = from;
    try {
      while (await bell.heard()) {
        const size = await this.size();
        if (size === next) continue;
        const { rowCount } = await this.deps.pool.query({
          name: 'live-changes',
          text: CHANGED,
          values: [patientId, next, size, CHANGES, except],
        });
        next = size;
        if (rowCount) yield patientId;
      }
    } finally {
      bell.close();
    }
  }

  /** Entries sealed so far, by their place in the log. */
  private async size(): Promise<number> {
    const { rows } = await this.deps.pool.query<{ size: string }>({
      name: 'live-size',
      text: 'SELECT coalesce(max(index) + 1, 0)::text AS size FROM audit_entry',
    });
    return Number(rows[0]?.size ?? 0);
  }
}
