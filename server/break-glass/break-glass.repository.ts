import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { reachOf } from '../access/permissions';
import { entryJson } from '../audit';
import { countUpTo } from '../database/count-up-to';
import { newestFirst } from '../database/newest-first';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { demandId } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { notFound } from '../graphql/errors';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import { erasedAmong } from '../patients';
import { BreakGlassGrant, GROUP } from './break-glass.entity';
import type { BreakGlassArgs, BreakGlassFilter } from './break-glass.inputs';

const LIST = 'breakGlassGrants';

/** SQL: the grant is open now; the view says what that means. */
const isOpen = 'EXISTS (SELECT 1 FROM break_glass_open o WHERE o.id = t.id)';

/** Reads grants: reviewers all of them, everybody else their own. */
export class BreakGlassRepository {
  private readonly reader: Reader<BreakGlassGrant>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, BreakGlassGrant);
  }

  /** Grants this person may see, newest first. Each that is shown tells of its patient. */
  async list(context: RequestContext, args: BreakGlassArgs): Promise<Connection<BreakGlassGrant>> {
    const page = readPage(args, LIST, this.base.cursors);
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const where = this.conditions(context, args.filter ?? {}, bind);
    return toConnection(await this.select(...newestFirst(where, values, page)), page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: ({ id }) => [id],
      count: () => countUpTo(this.base.dataSource, `break_glass_grant t WHERE ${where}`, values),
      shown: (grant) => this.shown(context, grant),
    });
  }

  /** One grant this person may see. Throws NOT_FOUND. */
  async get(context: RequestContext, id: string, manager?: EntityManager): Promise<BreakGlassGrant> {
    const [grant] = await this.select(`WHERE t.id = $1${manager ? ' FOR UPDATE OF t' : ''}`, [id], manager);
    const all = this.base.policy.reachOf(context.actor, 'BREAK_GLASS_READ') === 'all';
    if (!grant || !(all || grant.userId === context.actor.id)) throw notFound('grant');
    return grant;
  }

  /** The grant, noted as shown: that somebody took access to a record, and when, tells of the patient. */
  shown(context: RequestContext, grant: BreakGlassGrant): BreakGlassGrant {
    context.note(grant.patientId, GROUP);
    return grant;
  }

  /** For a countdown on the screen; whether the grant holds is asked in SQL. */
  secondsLeft({ endedAt, expiresAt }: BreakGlassGrant): number {
    const left = Math.ceil((expiresAt.getTime() - this.base.clock.now().getTime()) / 1000);
    return endedAt ? 0 : Math.max(0, left);
  }

  /** How many entries of the log name this grant, so far as they are sealed; batched within a request. */
  accesses(context: RequestContext, id: string): Promise<number> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.countAccesses(ids))).load(id);
  }

  private async countAccesses(ids: readonly string[]): Promise<number[]> {
    const rows = await this.base.dataSource.query<{ id: string; accesses: number }[]>(ACCESSES, [ids]);
    return ids.map((id) => rows.find((row) => row.id === id)?.accesses ?? 0);
  }

  private conditions(context: RequestContext, filter: BreakGlassFilter, bind: (value: unknown) => string): string {
    const { actor } = context;
    const parts = ['true'];
    if (this.base.policy.reachOf(actor, 'BREAK_GLASS_READ') !== 'all') parts.push(`t.user_id = ${bind(actor.id)}`);
    else if (reachOf(actor.role, 'BREAK_GLASS_REVIEW')) context.overseen.add(GROUP);
    if (typeof filter.open === 'boolean') parts.push(filter.open ? isOpen : `NOT ${isOpen}`);
    if (filter.reviewed) parts.push('t.reviewed_at IS NOT NULL');
    if (filter.reviewed === false) parts.push(`t.reviewed_at IS NULL AND NOT ${isOpen}`);
    if (filter.patientId) {
      const patientId = demandId(filter.patientId, 'filter.patientId');
      if (context.overseen.has(GROUP)) context.note(patientId, GROUP); // that nobody broke the glass tells of the patient too
      parts.push(`t.patient_id = ${bind(patientId)}`);
    }
    if (filter.userId) parts.push(`t.user_id = ${bind(demandId(filter.userId, 'filter.userId'))}`);
    return parts.join(' AND ');
  }

  private async select(rest: string, values: unknown[], manager?: EntityManager): Promise<BreakGlassGrant[]> {
    const rows = await this.reader.many(rest, values, manager);
    const erased = await erasedAmong(
      this.base.dataSource.manager,
      rows.map(({ patientId }) => patientId),
    );
    for (const row of rows) row.erased = erased.has(row.patientId);
    await this.base.keyring.hold(envelopesOf(rows.filter((row) => !row.erased)));
    return rows;
  }
}

/** Being shown the grant itself is no access to the record. */
const ACCESSES = `
  SELECT g.id, count(*)::int AS accesses
  FROM break_glass_grant g
  JOIN audit_entry_patient p ON p.patient_id = g.patient_id
  JOIN audit_entry e ON e.index = p.index AND e.purpose = 'emergency' AND e.actor_id = g.user_id
    AND e.target_type IS DISTINCT FROM 'breakGlass' AND e.fields <> 'breakGlass'
  WHERE g.id = ANY($1::uuid[]) AND ${entryJson('e.entry')} ->> 'why' = 'break-glass ' || g.id
  GROUP BY g.id`;
