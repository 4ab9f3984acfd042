import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import type { Permission } from '../access/permissions';
import { claimOnce } from '../database/idempotency';
import { insertRows } from '../database/insert-rows';
import { privately } from '../database/sealed-column';
import { updateRow } from '../database/update-row';
import { badInput, demandVersion, notFound } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import type { PatientRepository } from '../patients';
import { newId } from '../platform/ids';
import { Visit, VisitStatus } from './visit.entity';
import type { Amendments } from './amendments';
import { assign, demandOrder, isOpen, type VisitChanges } from './visit-changes';
import type {
  AmendVisitInput,
  CreateVisitInput,
  DeleteVisitInput,
  RecordVitalsInput,
  UpdateVisitInput,
} from './visit.inputs';
import type { VisitRepository } from './visit.repository';
import { versionOf } from './visit-version';

/** A visit to be written; `sourceToken` names the record of another system it was imported from. */
export type NewVisit = Omit<CreateVisitInput, 'idempotencyKey'> & { sourceToken?: Buffer | null };

/** Writes visits. A closed visit is never overwritten: it is amended, and what it was stays. */
export class VisitService {
  constructor(
    private readonly base: Foundation,
    private readonly visits: VisitRepository,
    private readonly patients: PatientRepository,
    private readonly amendments: Amendments,
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
   * Brings a visit to what the system it came from says, in a transaction that was allowed already; a closed one is amended.
   * False when nothing differed; then nothing is written.
   */
  async revise(context: RequestContext, manager: EntityManager, visit: Visit, changes: VisitChanges): Promise<boolean> {
    const before = isOpen(visit) ? null : versionOf(visit);
    if (!assign(visit, changes)) return false;
    demandOrder(visit);
    if (before) await this.amendments.append(context, manager, visit, { before, reason: null });
    await this.saveChanged(context, manager, visit);
    return true;
  }

  /** Changes an open visit. Throws CONFLICT when somebody else was first. */
  async update(context: RequestContext, input: UpdateVisitInput): Promise<Visit> {
    this.base.policy.demandSetting(context.actor, 'visit', input);
    return this.change(context, input, 'VISIT_WRITE', async (manager, visit) => {
      demandOpen(visit);
      if (assign(visit, input)) {
        await this.check(manager, visit, input.attendingId);
        await this.saveChanged(context, manager, visit);
      }
    });
  }

  /**
   * Changes a closed visit and keeps what it was. Nurses change vital signs only. Throws BAD_USER_INPUT when it is open, would
   * be open again, or says all of it already; CONFLICT when somebody else was first.
   */
  async amend(context: RequestContext, input: AmendVisitInput): Promise<Visit> {
    const { changes, reason } = input;
    this.base.policy.demandSetting(context.actor, 'visit', changes);
    const beyondVitals = Object.entries(changes).some(([field, value]) => field !== 'vitals' && value !== undefined);
    if (beyondVitals) this.base.policy.demand(context.actor, 'VISIT_WRITE');
    return this.change(context, input, 'VISIT_AMEND', async (manager, visit) => {
      if (isOpen(visit)) throw badInput('id', 'This visit is open: change it by updateVisit.');
      const before = versionOf(visit);
      if (!assign(visit, changes, 'changes.')) throw badInput('changes', 'The visit says this already.');
      if (isOpen(visit)) throw badInput('changes.status', 'A closed visit stays closed.');
      await this.check(manager, visit, changes.attendingId, 'changes.');
      await this.amendments.append(context, manager, visit, { before, reason });
      await this.saveChanged(context, manager, visit);
    });
  }

  /** Adds measurements to an open visit; what is not given stays as it was, null takes one away. */
  recordVitals(context: RequestContext, input: RecordVitalsInput): Promise<Visit> {
    const { visitId: id, expectedVersion } = input;
    return this.change(context, { id, expectedVersion }, 'VITALS_WRITE', async (manager, visit) => {
      demandOpen(visit, 'visitId');
      const given = Object.fromEntries(Object.entries(input.vitals).filter(([, value]) => value !== undefined));
      const all = { ...privately(() => visit.vitals), ...given };
      const vitals = Object.values(all).some((value) => value !== null) ? all : null;
      if (assign(visit, { vitals })) await this.saveChanged(context, manager, visit);
    });
  }

  /** Removes a visit written in error, while it is open and nothing hangs on it. Answers what it was. */
  remove(context: RequestContext, input: DeleteVisitInput): Promise<Visit> {
    return this.change(context, input, 'VISIT_DELETE', async (manager, visit) => {
      demandOpen(visit);
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
    { id, expectedVersion }: { id: string; expectedVersion: number },
    permission: Permission,
    apply: (manager: EntityManager, visit: Visit) => Promise<void>,
  ): Promise<Visit> {
    return this.base.dataSource.transaction(async (manager) => {
      const patientId = await this.visits.patientOf(id, manager);
      await this.patients.lock(context, manager, patientId, permission, false, 'visit'); // first the patient's key, then rows
      const visit = await this.visits.lock(manager, id);
      if (!visit) throw notFound('visit');
      demandVersion(visit, expectedVersion);
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
    assign(visit, { ...input, status: input.status ?? VisitStatus.IN_PROGRESS });
    return visit;
  }

  private async check(
    manager: EntityManager,
    visit: Visit,
    attendingId: string | null | undefined,
    within = '',
  ): Promise<void> {
    demandOrder(visit, within);
    if (attendingId) {
      const staff = await manager.query<unknown[]>('SELECT 1 FROM app_user WHERE id = $1 AND active', [attendingId]);
      if (staff.length === 0) throw badInput(`${within}attendingId`, 'Nobody active has this id.');
    }
  }

  private async saveChanged(context: RequestContext, manager: EntityManager, visit: Visit): Promise<void> {
    visit.version += 1;
    visit.updatedAt = this.base.clock.now();
    visit.updatedBy = context.actor.id;
    await updateRow(manager, visit);
  }
}

function demandOpen(visit: Visit, path = 'id'): void {
  if (!isOpen(visit)) throw badInput(path, 'This visit is closed and is not overwritten: amend it by amendVisit.');
}
