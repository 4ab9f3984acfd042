import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { countUpTo } from '../database/count-up-to';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { beforeChanges } from '../database/update-row';
import { demandId } from '../graphql/arguments';
import { notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Page, type PageArgs } from '../graphql/pagination';
import type { PatientRepository } from '../patients';
import { newId } from '../platform/ids';
import { Visit } from './visit.entity';
import type { VisitsArgs } from './visit.inputs';

const LIST = 'visits';

/** Reads visits of patients the actor may read. */
export class VisitRepository {
  private readonly reader: Reader<Visit>;

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {
    this.reader = new Reader(base.dataSource, Visit);
  }

  /** One visit. Throws NOT_FOUND, or what reading its patient throws. */
  async get(context: RequestContext, id: string): Promise<Visit> {
    // the patient first, and somebody for a visit there is not: a hidden patient's visit is looked for no longer than none
    await this.patients.get(context, await this.patientOf(id), 'visit');
    const visit = await this.find(context, id);
    if (!visit) throw notFound('visit');
    return this.shown(context, visit);
  }

  /** Whose visit it is; of a visit there is not, nobody's: it is refused no sooner than that of a hidden patient. */
  async patientOf(id: string, manager: Pick<EntityManager, 'query'> = this.base.dataSource): Promise<string> {
    const sql = 'SELECT patient_id FROM visit WHERE id = $1';
    const [row] = await manager.query<{ patient_id: string }[]>(sql, [id]);
    return row?.patient_id ?? newId();
  }

  /** A visit locked for a change, its patient and the patient's key having been locked before; null when there is none. */
  async lock(manager: EntityManager, id: string): Promise<Visit | null> {
    const [visit] = await this.reader.many('WHERE t.id = $1 FOR UPDATE OF t', [id], manager);
    if (!visit) return null;
    await this.base.keyring.hold(envelopesOf([visit]));
    return beforeChanges(visit);
  }

  /** The visit, noted as shown: that there is one, and when, tells of the patient although it is stored in clear. */
  shown(context: RequestContext, visit: Visit): Visit {
    context.note(visit.patientId, 'visits');
    return visit;
  }

  /** A visit by id without asking for its patient; for fields of records that were allowed already. */
  find(context: RequestContext, id: string): Promise<Visit | null> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(ids))).load(id);
  }

  /** Visits of the patients this actor may read, newest first. */
  async list(context: RequestContext, args: VisitsArgs): Promise<Connection<Visit>> {
    const page = readPage(args, LIST, this.base.cursors);
    context.demandOpen('visits'); // also for how many there are
    if (args.patientId) {
      const patient = await this.patients.get(context, demandId(args.patientId, 'patientId'));
      context.note(patient.id, 'visits'); // also when there are none
    }
    const { text, values } = this.conditions(context, args);
    const rows = await this.select(...keysetQuery(text, values, page));
    return toConnection(rows, page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: (visit) => [visit.startedAt.toISOString(), visit.id],
      count: () => this.count(text, values),
      shown: (visit) => this.shown(context, visit),
    });
  }

  /** First pages of many patients at once: one query for a list of patients, not one each. */
  ofPatient(context: RequestContext, patientId: string, args: PageArgs): Promise<Connection<Visit>> {
    const { first, after, last, before } = args;
    if (after || before || last) return this.list(context, { first, after, last, before, patientId });
    const page = readPage(args, LIST, this.base.cursors);
    context.note(patientId, 'visits'); // also when there are none
    const loader = context.once(`${LIST} first ${page.size}`, () => {
      // batches but remembers nothing: a visit written later in the same request must show
      return new DataLoader((ids: readonly string[]) => this.firstPages(ids, page), { cache: false });
    });
    return loader.load(patientId);
  }

  private async firstPages(patientIds: readonly string[], page: Page): Promise<Connection<Visit>[]> {
    const rows = await this.select(
      `WHERE t.id IN (
         SELECT newest.id FROM unnest($1::uuid[]) AS asked (patient_id) CROSS JOIN LATERAL (
           SELECT v.id FROM visit v WHERE v.patient_id = asked.patient_id ORDER BY v.started_at DESC, v.id DESC LIMIT $2
         ) newest
       ) ORDER BY t.started_at DESC, t.id DESC`,
      [patientIds, page.size + 1],
    );
    return patientIds.map((patientId) =>
      toConnection(
        rows.filter((row) => row.patientId === patientId),
        page,
        {
          name: LIST,
          cursors: this.base.cursors,
          keyOf: (visit) => [visit.startedAt.toISOString(), visit.id],
          count: () => this.count('t.patient_id = $1', [patientId]),
        },
      ),
    );
  }

  private conditions(context: RequestContext, args: VisitsArgs): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    const parts: string[] = [];
    if (args.patientId) parts.push(`t.patient_id = $${values.push(args.patientId)}`);
    else {
      parts.push('EXISTS (SELECT 1 FROM patient p WHERE p.id = t.patient_id AND p.deleted_at IS NULL)');
      const bind = (value: unknown) => `$${values.push(value)}`;
      const access = this.base.policy.patientCondition(context.actor, 'PATIENT_READ', 't.patient_id', bind);
      if (access) parts.push(access);
    }
    if (args.status) parts.push(`t.status = $${values.push(args.status)}`);
    if (args.from) parts.push(`t.started_at >= $${values.push(args.from)}`);
    if (args.to) parts.push(`t.started_at < $${values.push(args.to)}`);
    if (args.mine) parts.push(`t.attending_id = $${values.push(context.actor.id)}`);
    return { text: parts.join(' AND ') || 'true', values };
  }

  private async select(rest: string, values: unknown[]): Promise<Visit[]> {
    const rows = await this.reader.many(rest, values);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  private async load(ids: readonly string[]): Promise<(Visit | null)[]> {
    const rows = await this.select('WHERE t.id = ANY($1::uuid[])', [ids]);
    return ids.map((id) => rows.find((row) => row.id === id) ?? null);
  }

  private count(text: string, values: unknown[]): Promise<number | undefined> {
    return countUpTo(this.base.dataSource, `visit t WHERE ${text}`, values);
  }
}

function keysetQuery(text: string, given: unknown[], page: Page): [string, unknown[]] {
  const values = [...given];
  const [sign, way] = page.backward ? ['>', 'ASC'] : ['<', 'DESC'];
  const beyond = page.from
    ? `AND (t.started_at, t.id) ${sign} ($${values.push(page.from[0])}::timestamptz, $${values.push(page.from[1])}::uuid)`
    : '';
  const limit = `$${values.push(page.size + 1)}`;
  return [`WHERE ${text} ${beyond} ORDER BY t.started_at ${way}, t.id ${way} LIMIT ${limit}`, values];
}
