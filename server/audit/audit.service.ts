import type { DataSource } from 'typeorm';
import { poolOf } from '../database/reader';
import type { Actor, RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Cursors } from '../graphql/pagination';
import { badInput, ChartsealError, forbidden, notFound } from '../graphql/errors';
import { Fault, type Verdict } from '../ledger';
import type { AuditLog, LogStatus } from './audit-log';
import type { AuditQueue } from './audit-queue';
import { AuditOrderField, OrderDirection, type AuditEntriesArgs, type AuditFilter } from './audit.inputs';
import type { AuditConsistency, AuditEntry, AuditProof } from './audit.types';
import { LogOrder } from './log-order';
import { peopleOf, type LogPeople, type LogReach, type MergedInto } from './log-people';
import { LogView } from './log-view';
import { namingOnly, shownEntry, type StoredBytes } from './shown-entry';

export interface AuditServiceDeps {
  dataSource: DataSource;
  cursors: Cursors;
  audit: AuditQueue;
  log: AuditLog;
  /** Throws FORBIDDEN for who may not read the log at all. */
  reachOf: (actor: Actor) => LogReach;
  mergedInto: MergedInto;
  /** Names of accounts, for those there are. */
  namesOf: (context: RequestContext, ids: readonly string[]) => Promise<Map<string, string>>;
}

/** Shows the log. Each look at it is an entry too. */
export class AuditService {
  private readonly view: LogView;

  constructor(private readonly deps: AuditServiceDeps) {
    this.view = new LogView(poolOf(deps.dataSource));
  }

  /** Entries this person may see. */
  async entries(context: RequestContext, args: AuditEntriesArgs): Promise<Connection<AuditEntry>> {
    const { actor } = context;
    const filter = args.filter ?? {};
    const order = new LogOrder(args.orderBy);
    const page = readPage(args, order.list, this.deps.cursors);
    const people = await this.people(actor, filter);
    const query = await this.view.query(people, filter);
    const { rows, stoppedAt } = await this.view.page(query, order, page);
    const patients = filter.patientId ? [filter.patientId] : [];
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight', patients });
    const entries = await this.shown(context, people, rows);
    const keys = new Map(entries.map((entry, at) => [entry, [rows[at]!.sorted, rows[at]!.index]]));
    return toConnection(entries, page, {
      name: order.list,
      cursors: this.deps.cursors,
      keyOf: (entry) => keys.get(entry)!,
      stoppedAt,
      count: () => this.view.count(query),
    });
  }

  /**
   * Entries this person may see among those from one place to another, oldest first, and the place up to which that is all of
   * them: for live views, which enter themselves when they are opened.
   */
  async added(
    context: RequestContext,
    filter: AuditFilter,
    { from, to, limit }: { from: number; to: number; limit: number },
  ): Promise<{ entries: AuditEntry[]; reached: number }> {
    const fromIndex = Math.max(from, filter.fromIndex ?? 0);
    const toIndex = Math.min(to, filter.toIndex ?? to);
    const people = await this.people(context.actor, filter);
    const query = await this.view.query(people, { ...filter, fromIndex, toIndex });
    const order = new LogOrder({ field: AuditOrderField.INDEX, direction: OrderDirection.ASC });
    const { rows, stoppedAt } = await this.view.page(query, order, { size: limit, from: null, backward: false });
    const entries = await this.shown(context, people, rows.slice(0, limit));
    const whole = rows.length <= limit && !stoppedAt;
    return { entries, reached: whole ? to : Math.max(from, Number(stoppedAt?.at(-1) ?? entries.at(-1)!.index) + 1) };
  }

  private people(actor: Actor, { patientId }: AuditFilter): Promise<LogPeople> {
    const { dataSource, mergedInto, reachOf } = this.deps;
    return peopleOf({ pool: poolOf(dataSource), mergedInto }, { id: actor.id, reach: reachOf(actor) }, patientId);
  }

  /** Entries as this viewer may see them, with the names of who acted. What they did themselves names whom they saw then. */
  private async shown(
    context: RequestContext,
    { viewer, own }: LogPeople,
    rows: readonly StoredBytes[],
  ): Promise<AuditEntry[]> {
    const known = own && new Set(own);
    const entries = rows
      .map(shownEntry)
      .map((entry) => (known && entry.actor.id !== viewer.id ? namingOnly(entry, known) : entry));
    const names = await this.deps.namesOf(
      context,
      entries.flatMap(({ actor }) => actor.id ?? []),
    );
    for (const { actor } of entries) actor.name = names.get(actor.id ?? '') ?? null;
    return entries;
  }

  status(): Promise<LogStatus> {
    return this.deps.log.status();
  }

  /** Verifies the whole log; the run and its verdict are an entry. */
  async verify(): Promise<LogStatus> {
    const verdict: Verdict = await this.deps.log.verifyAll();
    const outcome = verdict.word === 'OK' ? 'ok' : 'failed';
    await this.deps.audit.record({ action: 'verify-log', outcome, purpose: 'oversight' });
    return this.deps.log.status();
  }

  /** Proves one entry. Only for who sees the whole log: a path is made of the entries beside it. */
  async proof(context: RequestContext, index: number): Promise<AuditProof> {
    this.demandAll(context.actor);
    if (index < 0) throw badInput('index', 'An entry has a number from 0.');
    const proof = await this.proven(() => this.deps.log.proofs.inclusion(index));
    if (!proof) throw notFound('entry under a signed checkpoint');
    const { leaf, place, path, note, checkpoint } = proof;
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight' });
    return {
      index,
      leafIndex: place,
      leafHash: leaf.toString('hex'),
      size: checkpoint.size,
      root: checkpoint.root.toString('hex'),
      path: path.map(hex),
      checkpoint: note,
    };
  }

  /** Proves that the log went on. */
  async consistency(
    context: RequestContext,
    { from, to, origin }: { from: number; to: number; origin?: string },
  ): Promise<AuditConsistency> {
    this.demandAll(context.actor);
    if (from < 1 || to < from) throw badInput('from', 'A log goes on from one entry or more to as many or more.');
    const proof = await this.proven(() => this.deps.log.proofs.consistency(from, to, origin));
    if (!proof) throw notFound('log of this size');
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight' });
    return { from, fromRoot: hex(proof.from.root), to, toRoot: hex(proof.to.root), path: proof.path.map(hex) };
  }

  /** A log that contradicts itself has no proofs; the verifier will say where. */
  private async proven<T>(make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (error) {
      if (error instanceof Fault) throw new ChartsealError('INTEGRITY_VIOLATION', 'The audit log cannot be proven.');
      throw error;
    }
  }

  private demandAll(actor: Actor): void {
    if (this.deps.reachOf(actor) !== 'all') throw forbidden();
  }
}

const hex = (hash: Buffer): string => hash.toString('hex');
