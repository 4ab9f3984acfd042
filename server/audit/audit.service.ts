import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { countUpTo } from '../database/count-up-to';
import { poolOf } from '../database/reader';
import type { Actor, RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Cursors } from '../graphql/pagination';
import { badInput, ChartsealError, forbidden, notFound } from '../graphql/errors';
import { decodeEntry, Fault, type Verdict } from '../ledger';
import type { AuditLog, LogStatus } from './audit-log';
import type { AuditQueue } from './audit-queue';
import type {
  AuditActorKind,
  AuditConsistency,
  AuditEntriesArgs,
  AuditEntry,
  AuditFilter,
  AuditProof,
} from './audit.types';

const LIST = 'auditEntries';

/** How far a viewer sees: everything, own actions and accesses to own patients, or own actions. */
export type LogReach = 'all' | 'ownPatients' | 'own';

export interface AuditServiceDeps {
  dataSource: DataSource;
  cursors: Cursors;
  audit: AuditQueue;
  log: AuditLog;
  /** Throws FORBIDDEN for who may not read the log at all. */
  reachOf: (actor: Actor) => LogReach;
  /** Names of accounts, for those there are. */
  namesOf: (context: RequestContext, ids: readonly string[]) => Promise<Map<string, string>>;
}

interface EntryRow {
  index: string;
  entry: Buffer;
  leaf: Buffer;
  chain: Buffer;
}

/** Shows the log. Each look at it is an entry too. */
export class AuditService {
  private readonly pool: Pool;

  constructor(private readonly deps: AuditServiceDeps) {
    this.pool = poolOf(deps.dataSource);
  }

  /** Entries this person may see, newest first. */
  async entries(context: RequestContext, args: AuditEntriesArgs): Promise<Connection<AuditEntry>> {
    const page = readPage(args, LIST, this.deps.cursors);
    const { text, values } = this.conditions(context.actor, args.filter ?? {});
    const counted = [...values];
    const [sign, way] = page.backward ? ['>', 'ASC'] : ['<', 'DESC'];
    const beyond = page.from ? `AND e.index ${sign} $${values.push(page.from[0])}::bigint` : '';
    const limit = `$${values.push(page.size + 1)}`;
    const { rows } = await this.pool.query<EntryRow>(
      `SELECT e.index::text, e.entry, e.leaf, e.chain FROM audit_entry e WHERE ${text} ${beyond} ORDER BY e.index ${way} LIMIT ${limit}`,
      values,
    );
    const patients = args.filter?.patientId ? [args.filter.patientId] : [];
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight', patients });
    const entries = rows.map(toEntry);
    const names = await this.deps.namesOf(
      context,
      entries.flatMap(({ actor }) => actor.id ?? []),
    );
    for (const { actor } of entries) actor.name = names.get(actor.id ?? '') ?? null;
    return toConnection(entries, page, {
      name: LIST,
      cursors: this.deps.cursors,
      keyOf: ({ index }) => [String(index)],
      count: () => countUpTo(this.deps.dataSource, `audit_entry e WHERE ${text}`, counted),
    });
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
    const { leaf, path, note, checkpoint } = proof;
    await this.deps.audit.record({ action: 'view-log', purpose: 'oversight' });
    return {
      index,
      leafHash: leaf.toString('hex'),
      size: checkpoint.size,
      root: checkpoint.root.toString('hex'),
      path: path.map(hex),
      checkpoint: note,
    };
  }

  /** Proves that the log went on. */
  async consistency(context: RequestContext, from: number, to: number): Promise<AuditConsistency> {
    this.demandAll(context.actor);
    if (from < 1 || to < from) throw badInput('from', 'A log goes on from one entry or more to as many or more.');
    const proof = await this.proven(() => this.deps.log.proofs.consistency(from, to));
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

  private conditions(actor: Actor, filter: AuditFilter): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const parts: string[] = [];
    const add = (value: unknown, condition: (place: string) => string) =>
      parts.push(condition(`$${values.push(value)}`));
    const concerns = (place: string) =>
      `EXISTS (SELECT 1 FROM audit_entry_patient p WHERE p.index = e.index AND p.patient_id = ${place})`;
    const reach = this.deps.reachOf(actor);
    if (reach === 'own') add(actor.id, (place) => `e.actor_id = ${place}`);
    if (reach === 'ownPatients') {
      add(actor.id, (place) =>
        `(e.actor_id = ${place} OR EXISTS (SELECT 1 FROM audit_entry_patient p JOIN care_team_member m USING (patient_id)
          WHERE p.index = e.index AND m.user_id = ${place}))`); // prettier-ignore
    }
    if (filter.actorId) add(filter.actorId, (place) => `e.actor_id = ${place}`);
    if (filter.patientId) add(filter.patientId, concerns);
    if (filter.action) add(filter.action, (place) => `e.action = ${place}`);
    if (filter.outcome) add(filter.outcome, (place) => `e.outcome = ${place}`);
    if (filter.from) add(filter.from, (place) => `e.at >= ${place}`);
    if (filter.to) add(filter.to, (place) => `e.at < ${place}`);
    return { text: parts.join(' AND ') || 'true', values };
  }
}

function toEntry({ index, entry: bytes, leaf, chain }: EntryRow): AuditEntry {
  const entry = decodeEntry(bytes);
  return {
    index: Number(index),
    at: new Date(entry.t),
    actor: {
      kind: entry.by.k as AuditActorKind,
      id: entry.by.u,
      role: entry.by.r as AuditEntry['actor']['role'],
      name: null,
    },
    action: entry.a,
    outcome: entry.k as AuditEntry['outcome'],
    operation: entry.op,
    patients: [...entry.p],
    target: entry.o ? { type: entry.o.t, id: entry.o.i } : null,
    fields: [...entry.f],
    purpose: entry.w,
    reason: entry.why,
    requestId: entry.q,
    ip: entry.ip,
    canonical: bytes.toString('utf8'),
    leafHash: leaf.toString('hex'),
    chainHash: chain.toString('hex'),
  };
}

const hex = (hash: Buffer): string => hash.toString('hex');
