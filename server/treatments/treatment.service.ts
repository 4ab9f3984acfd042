import DataLoader from 'dataloader';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { claimOnce } from '../database/idempotency';
import { insertRows } from '../database/insert-rows';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { badInput, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { readPage, toConnection, type Connection, type Page, type PageArgs } from '../graphql/pagination';
import type { PatientRepository } from '../patients';
import { newId } from '../platform/ids';
import { TreatmentStatus, TreatmentUpdate } from './treatment.entity';
import type { RecordTreatmentInput } from './treatment.inputs';

const LIST = 'treatmentUpdates';

/** What the log calls being told of treatment: also that there is none, or who wrote it when. */
const GROUP = 'treatment';

/** An update to be written; ongoing and as of now unless it says otherwise. */
export interface NewTreatment {
  id?: string;
  patientId: string;
  visitId?: string | null;
  text: string;
  status?: TreatmentStatus;
  at?: Date;
}

/** Appends and reads treatment updates. */
export class TreatmentService {
  private readonly reader: Reader<TreatmentUpdate>;

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {
    this.reader = new Reader(base.dataSource, TreatmentUpdate);
  }

  /** Appends an update; what was written before stays as it was. */
  async record(context: RequestContext, input: RecordTreatmentInput): Promise<TreatmentUpdate> {
    const id = newId();
    const made = await this.base.dataSource.transaction(async (manager) => {
      const patient = await this.patients.lock(context, manager, input.patientId, 'TREATMENT_WRITE');
      const { idempotencyKey: key, ...rest } = input;
      const request = { caller: context.actor.id, operation: 'recordTreatment', key, input: rest, resultId: id };
      const earlier = await claimOnce(manager, this.base.tokens, request);
      if (earlier) return earlier;
      await this.checkVisit(manager, input);
      return this.append(context, manager, { id, ...rest, patientId: patient.id });
    });
    const update = typeof made === 'string' ? await this.get(context, made) : made;
    context.note(update.patientId, GROUP);
    this.newest(context).clear(update.patientId);
    return update;
  }

  /** Writes an update in a transaction that was allowed already (registration, import). */
  async append(context: RequestContext, manager: EntityManager, wanted: NewTreatment): Promise<TreatmentUpdate> {
    const [update] = await this.appendAll(context, manager, [wanted]);
    return update!;
  }

  /** Writes updates, of any number of patients, in one statement of a transaction that was allowed already. */
  async appendAll(
    context: RequestContext,
    manager: EntityManager,
    wanted: readonly NewTreatment[],
  ): Promise<TreatmentUpdate[]> {
    const now = this.base.clock.now();
    const updates = wanted.map(({ id = newId(), patientId, visitId = null, text, status, at = now }) => {
      const update = new TreatmentUpdate();
      Object.assign(update, { id, patientId, visitId, authorId: context.actor.id, at });
      update.text = text;
      update.status = status ?? TreatmentStatus.ONGOING;
      return update;
    });
    await insertRows(manager, TreatmentUpdate, updates);
    return updates;
  }

  /** One update. Throws NOT_FOUND, or what reading its patient throws. */
  async get(context: RequestContext, id: string): Promise<TreatmentUpdate> {
    const sql = 'SELECT patient_id FROM treatment_update WHERE id = $1';
    const [row] = await this.base.dataSource.query<{ patient_id: string }[]>(sql, [id]);
    // the patient first, and somebody for an update there is not: a hidden patient's is looked for no longer than none
    await this.patients.get(context, row?.patient_id ?? newId(), 'treatment update');
    const [update] = await this.select('WHERE t.id = $1', [id]);
    if (!update) throw notFound('treatment update');
    context.note(update.patientId, GROUP);
    return update;
  }

  /** A patient's updates, newest first. */
  async list(context: RequestContext, patientId: string, args: PageArgs): Promise<Connection<TreatmentUpdate>> {
    const page = readPage(args, LIST, this.base.cursors);
    await this.patients.get(context, patientId);
    context.note(patientId, GROUP);
    const values: unknown[] = [patientId];
    const [sign, way] = page.backward ? ['>', 'ASC'] : ['<', 'DESC'];
    const beyond = page.from ? `AND t.id ${sign} $${values.push(page.from[0])}` : '';
    const limit = `$${values.push(page.size + 1)}`;
    const rows = await this.select(`WHERE t.patient_id = $1 ${beyond} ORDER BY t.id ${way} LIMIT ${limit}`, values);
    return this.connection(rows, page, patientId);
  }

  /** First pages of many patients at once: one query for a list of patients, not one each. */
  async ofPatient(context: RequestContext, patientId: string, args: PageArgs): Promise<Connection<TreatmentUpdate>> {
    const { after, last, before } = args;
    if (after || before || last) return this.list(context, patientId, args);
    const page = readPage(args, LIST, this.base.cursors);
    context.note(patientId, GROUP);
    const loader = context.once(`${LIST} first ${page.size}`, () => {
      // batches but remembers nothing: an update written later in the same request must show
      return new DataLoader((ids: readonly string[]) => this.firstPages(ids, page), { cache: false });
    });
    return loader.load(patientId);
  }

  /** The text that holds now, or null; batched within a request. */
  async current(context: RequestContext, patientId: string): Promise<string | null> {
    context.note(patientId, GROUP);
    return (await this.newest(context).load(patientId))?.text ?? null;
  }

  private newest(context: RequestContext): DataLoader<string, TreatmentUpdate | null> {
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.loadNewest(ids)));
  }

  private async firstPages(patientIds: readonly string[], page: Page): Promise<Connection<TreatmentUpdate>[]> {
    const rows = await this.newestOf(patientIds, page.size + 1);
    return patientIds.map((id) => {
      const own = rows.filter(({ patientId }) => patientId === id);
      return this.connection(own, page, id);
    });
  }

  private async loadNewest(patientIds: readonly string[]): Promise<(TreatmentUpdate | null)[]> {
    const rows = await this.newestOf(patientIds, 1);
    const byPatient = new Map(rows.map((row) => [row.patientId, row]));
    return patientIds.map((id) => byPatient.get(id) ?? null);
  }

  /** The newest few of each patient, newest first. */
  private newestOf(patientIds: readonly string[], howMany: number): Promise<TreatmentUpdate[]> {
    return this.select(
      `WHERE t.id IN (
         SELECT newest.id FROM unnest($1::uuid[]) AS asked (patient_id) CROSS JOIN LATERAL (
           SELECT u.id FROM treatment_update u WHERE u.patient_id = asked.patient_id ORDER BY u.id DESC LIMIT $2
         ) newest
       ) ORDER BY t.id DESC`,
      [patientIds, howMany],
    );
  }

  private connection(rows: TreatmentUpdate[], page: Page, patientId: string): Connection<TreatmentUpdate> {
    return toConnection(rows, page, {
      name: LIST,
      cursors: this.base.cursors,
      keyOf: (update) => [update.id],
      count: () => this.count(patientId),
    });
  }

  private async checkVisit(manager: EntityManager, { patientId, visitId }: RecordTreatmentInput): Promise<void> {
    if (!visitId) return;
    const visits = await manager.query<unknown[]>('SELECT 1 FROM visit WHERE id = $1 AND patient_id = $2', [
      visitId,
      patientId,
    ]);
    if (visits.length === 0) throw badInput('visitId', 'This patient has no such visit.');
  }

  private async select(rest: string, values: unknown[]): Promise<TreatmentUpdate[]> {
    const rows = await this.reader.many(rest, values);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  private async count(patientId: string): Promise<number> {
    const [row] = await this.base.dataSource.query<{ n: string }[]>(
      'SELECT count(*) AS n FROM treatment_update WHERE patient_id = $1',
      [patientId],
    );
    return Number(row!.n);
  }
}
