import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { countUpTo } from '../database/count-up-to';
import { newestFirst } from '../database/newest-first';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { notFound } from '../graphql/errors';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import { erasedAmong } from '../patients';
import { GROUP, SnoopingFinding, type Hits } from './finding.entity';
import type { SnoopingArgs, SnoopingFilter } from './snooping.inputs';

const LIST = 'snoopingFindings';
/** Places in the log that are told of a finding: the log itself shows the rest. */
const NEWEST = 100;

/** Reads findings, for who reviews them. */
export class FindingsRepository {
  private readonly reader: Reader<SnoopingFinding>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, SnoopingFinding);
  }

  /** Findings, newest first. Each that is shown tells of its patient. */
  async list(context: RequestContext, args: SnoopingArgs): Promise<Connection<SnoopingFinding>> {
    this.base.policy.demand(context.actor, 'SNOOPING_REVIEW');
    const page = readPage(args, LIST, this.base.cursors);
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const where = conditions(args.filter ?? {}, bind);
    context.overseen.add(GROUP);
    const { patientId } = args.filter ?? {};
    if (patientId) context.note(patientId, GROUP); // that there is nothing tells of the patient too
    return toConnection(await this.select(...newestFirst(where, values, page)), page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: ({ id }) => [id],
      count: () => countUpTo(this.base.dataSource, `snooping_finding t WHERE ${where}`, values),
      shown: (finding) => this.shown(context, finding),
    });
  }

  /** One finding; locked, with a manager: it does not grow meanwhile. Throws NOT_FOUND. */
  async get(context: RequestContext, id: string, manager?: EntityManager): Promise<SnoopingFinding> {
    this.base.policy.demand(context.actor, 'SNOOPING_REVIEW');
    const [finding] = await this.select(`WHERE t.id = $1${manager ? ' FOR UPDATE OF t' : ''}`, [id], manager);
    if (!finding) throw notFound('finding');
    return finding;
  }

  /** The finding, noted as shown: that an access was asked about tells of the patient. */
  shown(context: RequestContext, finding: SnoopingFinding): SnoopingFinding {
    context.overseen.add(GROUP);
    if (finding.patientId) context.note(finding.patientId, GROUP);
    return finding;
  }

  private async select(rest: string, values: unknown[], manager?: EntityManager): Promise<SnoopingFinding[]> {
    const rows = await this.reader.many(rest, values, manager);
    const asked = manager ?? this.base.dataSource.manager;
    const ids = rows.map(({ id }) => id);
    const hits = await asked.query<({ id: string } & Hits)[]>(HITS, [ids, NEWEST]);
    const erased = await erasedAmong(
      asked,
      rows.map(({ ownerId }) => ownerId),
    );
    for (const row of rows) {
      row.hits = hits.find(({ id }) => id === row.id) ?? row.hits;
      row.erased = row.ownerId !== SYSTEM_OWNER && erased.has(row.ownerId);
    }
    await this.base.keyring.hold(envelopesOf(rows.filter((row) => !row.erased)));
    return rows;
  }
}

function conditions(filter: SnoopingFilter, bind: (value: unknown) => string): string {
  const { status, rule, personId, patientId } = filter;
  const parts = ['true'];
  if (status) parts.push(status === 'OPEN' ? 't.verdict IS NULL' : `t.verdict = ${bind(status)}`);
  if (rule) parts.push(`t.rule = ${bind(rule)}`);
  if (personId) parts.push(`t.user_id = ${bind(personId)}`);
  if (patientId) parts.push(`t.patient_id = ${bind(patientId)}`);
  return parts.join(' AND ');
}

const HITS = `SELECT h.finding_id AS id, count(*)::int AS count, max(h.severity)::int AS severity, min(h.at) AS "firstAt",
    max(h.at) AS "lastAt", ((array_agg(h.index ORDER BY h.index DESC))[1:$2::int])::float8[] AS newest
  FROM snooping_hit h WHERE h.finding_id = ANY($1::uuid[]) GROUP BY h.finding_id`;
