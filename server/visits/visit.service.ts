import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import type { Permission } from '../access/permissions';
import { claimOnce } from '../database/idempotency';
import { insertRows } from '../database/insert-rows';
import { envelopesOf, holdsSame, privately } from '../database/sealed-column';
import { badInput, conflict, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import type { PatientRepository } from '../patients';
import { newId } from '../platform/ids';
import { Visit, VisitStatus } from './visit.entity';
import type { CreateVisitInput, DeleteVisitInput, RecordVitalsInput, UpdateVisitInput } from './visit.inputs';
import type { VisitRepository } from './visit.repository';

const open: readonly VisitStatus[] = [VisitStatus.PLANNED, VisitStatus.IN_PROGRESS];
const plain = ['type', 'status', 'attendingId'] as const;
const dates = ['startedAt', 'endedAt'] as const;
const sealed = ['reason', 'notes', 'diagnosis', 'vitals'] as const;
const required: readonly string[] = ['type', 'status', 'startedAt'];

/** A visit to be written; `sourceToken` names the record of another system it was imported from. */
export type NewVisit = Omit<CreateVisitInput, 'idempotencyKey'> & { sourceToken?: Buffer | null };

/** What may be changed of a visit; left out stays as it is. */
export type VisitChanges = Partial<Omit<UpdateVisitInput, 'id' | 'expectedVersion'>>;

/** Writes visits. A finished visit is closed: it is read, not rewritten. */
export class VisitService {
  constructor(
    private readonly base: Foundation,
    private readonly visits: VisitRepository,
    private readonly patients: PatientRepository,
  ) {}

  /** Writes a visit of a patient. */
  async create(context: RequestContext, input: CreateVisitInput): Promise<Visit> {
    this.base.policy.demandSetting(context.actor, 'visit', input);
    const id = newId();
    const made = await this.base.dataSource.transaction(async (manager) => {
      const { idempotencyKey: key, ...rest } = input;
      const request = { caller: context.actor.id, operation: 'createVisit', key, input: rest, resultId: id };
      const patient = await this.patients.lock(context, manager, input.patientId, 'VISIT_WRITE');
      const earlier = await claimOnce(manager, this.base.tokens, request);
      if (earlier) return earlier;
      const visit = this.build(context, { ...rest, patientId: patient.id }, id);
      await this.check(manager, visit, input.attendingId);
      await insertRows(manager, Visit, [visit]);
      return visit;
    });
    if (typeof made === 'string') return this.visits.get(context, made);
    return made;
  }

  /** Writes new visits in a transaction that was allowed already (import), many in one statement. */
  async insertAll(context: RequestContext, manager: EntityManager, wanted: NewVisit[]): Promise<Visit[]> {
    const visits = wanted.map((visit) => this.build(context, visit));
    for (const visit of visits) demandOrder(visit);
    await insertRows(manager, Visit, visits);
    return visits;
  }

  /**
   * Brings a visit, open or closed, to what the system it came from says, in a transaction that was allowed already. False
   * when nothing differed; then nothing is written.
   */
  async revise(context: RequestContext, manager: EntityManager, visit: Visit, changes: VisitChanges): Promise<boolean> {
    if (!this.assign(visit, changes)) return false;
    demandOrder(visit);
    await this.saveChanged(context, manager, visit);
    return true;
  }

  /** Changes an open visit. Throws CONFLICT when somebody else was first. */
  async update(context: RequestContext, input: UpdateVisitInput): Promise<Visit> {
    this.base.policy.demandSetting(context.actor, 'visit', input);
    return this.change(context, input.id, input.expectedVersion, 'VISIT_WRITE', async (manager, visit) => {
      if (this.assign(visit, input)) {
        await this.check(manager, visit, input.attendingId);
        await this.saveChanged(context, manager, visit);
      }
    });
  }

  /** Adds measurements to an open visit; what is not given stays as it was. */
  recordVitals(context: RequestContext, input: RecordVitalsInput): Promise<Visit> {
    return this.change(context, input.visitId, input.expectedVersion, 'VITALS_WRITE', async (manager, visit) => {
      const given = Object.fromEntries(Object.entries(input.vitals).filter(([, value]) => value !== undefined));
      const vitals = { ...privately(() => visit.vitals), ...given };
      if (this.assign(visit, { vitals })) await this.saveChanged(context, manager, visit);
    });
  }

  /** Removes a visit written in error, while it is open and nothing hangs on it. Answers what it was. */
  remove(context: RequestContext, input: DeleteVisitInput): Promise<Visit> {
    return this.change(context, input.id, input.expectedVersion, 'VISIT_DELETE', async (manager, visit) => {
      this.base.policy.demandOwn(context.actor, 'VISIT_DELETE', visit.createdBy);
      const updates = await manager.query<unknown[]>('SELECT 1 FROM treatment_update WHERE visit_id = $1 LIMIT 1', [
        visit.id,
      ]);
      if (updates.length > 0)
        throw badInput('id', 'Treatment updates were written at this visit; mark it as entered in error.');
      await manager.remove(Object.assign(Object.create(Visit.prototype) as Visit, visit));
    });
  }

  private async change(
    context: RequestContext,
    id: string,
    expectedVersion: number,
    permission: Permission,
    apply: (manager: EntityManager, visit: Visit) => Promise<void>,
  ): Promise<Visit> {
    return this.base.dataSource.transaction(async (manager) => {
      const patientId = await patientOf(manager, id);
      await this.patients.lock(context, manager, patientId, permission, false, 'visit'); // first the patient's key, then rows
      const visit = await manager.findOne(Visit, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!visit) throw notFound('visit');
      await this.base.keyring.hold(envelopesOf([visit]));
      if (visit.version !== expectedVersion) {
        throw conflict({
          version: visit.version,
          changedBy: visit.updatedBy,
          changedAt: visit.updatedAt.toISOString(),
        });
      }
      if (!open.includes(visit.status)) throw badInput('id', 'This visit is closed.');
      await apply(manager, visit);
      return visit;
    });
  }

  private build(context: RequestContext, { patientId, sourceToken = null, ...input }: NewVisit, id = newId()): Visit {
    const now = this.base.clock.now();
    const by = context.actor.id;
    const made = {
      id,
      patientId,
      sourceToken,
      createdBy: by,
      updatedBy: by,
      version: 1,
      createdAt: now,
      updatedAt: now,
      endedAt: null,
      attendingId: null,
    };
    const visit = Object.assign(new Visit(), made);
    this.assign(visit, { ...input, status: input.status ?? VisitStatus.IN_PROGRESS });
    return visit;
  }

  /** Sets what differs; true when anything did. */
  private assign(visit: Visit, input: VisitChanges): boolean {
    const changes: Partial<Record<keyof Visit, unknown>> = {};
    for (const field of [...plain, ...dates, ...sealed]) {
      const value = input[field];
      if (value === undefined) continue;
      if (value === null && required.includes(field)) throw badInput(field, 'This cannot be cleared.');
      if (!this.same(visit, field, value)) changes[field] = value;
    }
    Object.assign(visit, changes);
    return Object.keys(changes).length > 0;
  }

  private same(visit: Visit, field: keyof Visit & string, value: unknown): boolean {
    if ((sealed as readonly string[]).includes(field)) return holdsSame(visit, field, value);
    const current = visit[field] as unknown;
    return current instanceof Date && value instanceof Date ? current.getTime() === value.getTime() : current === value;
  }

  private async check(manager: EntityManager, visit: Visit, attendingId: string | null | undefined): Promise<void> {
    demandOrder(visit);
    if (attendingId) {
      const staff = await manager.query<unknown[]>('SELECT 1 FROM app_user WHERE id = $1 AND active', [attendingId]);
      if (staff.length === 0) throw badInput('attendingId', 'Nobody active has this id.');
    }
  }

  private async saveChanged(context: RequestContext, manager: EntityManager, visit: Visit): Promise<void> {
    visit.version += 1;
    visit.updatedAt = this.base.clock.now();
    visit.updatedBy = context.actor.id;
    await manager.save(visit, { reload: false });
  }
}

/** Whose visit it is; of a visit there is not, nobody's: it is refused no sooner than that of a hidden patient. */
async function patientOf(manager: EntityManager, visitId: string): Promise<string> {
  const sql = 'SELECT patient_id FROM visit WHERE id = $1';
  const [row] = await manager.query<{ patient_id: string }[]>(sql, [visitId]);
  return row?.patient_id ?? newId();
}

function demandOrder({ startedAt, endedAt }: Visit): void {
  if (endedAt && endedAt < startedAt) throw badInput('endedAt', 'A visit cannot end before it began.');
}
