import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { clinicalFields, type Permission } from '../access/permissions';
import { claimOnce } from '../database/idempotency';
import { uniqueViolation } from '../database/postgres-errors';
import { privately } from '../database/sealed-column';
import { updateRow } from '../database/update-row';
import { badInput, demandVersion } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import type { Patient } from './patient.entity';
import type {
  CreatePatientInput,
  DeletePatientInput,
  RestorePatientInput,
  SetConfidentialInput,
  UpdatePatientInput,
} from './patient.inputs';
import type { PatientIndex } from './patient-index';
import type { PatientRepository } from './patient.repository';
import { assignChanges, countedFacts, type CountedChange, type PatientChanges } from './patient.changes';
import { DRAWN_AHEAD, RecordNumbers } from './record-numbers';
import { PatientRegistration, type FirstTreatment, type NewPatient } from './patient.registration';

/** What others keep in step with patients, in the same transaction (demographic counts). */
export interface PatientObserver {
  patientsChanged(manager: EntityManager, changes: readonly CountedChange[]): Promise<void>;
}

/** Registers, edits, deletes and restores patients. */
export class PatientService {
  private firstTreatment: FirstTreatment = () => Promise.resolve();
  private readonly observers: PatientObserver[] = [];
  private readonly registration: PatientRegistration;
  private readonly numbers: RecordNumbers;

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly index: PatientIndex,
  ) {
    this.numbers = new RecordNumbers(base.dataSource, index);
    this.registration = new PatientRegistration(
      base,
      index,
      this.numbers,
      (manager, changes) => this.tell(manager, changes),
      (...first) => this.firstTreatment(...first),
    );
  }

  observe(observer: PatientObserver): void {
    this.observers.push(observer);
  }

  onFirstTreatment(write: FirstTreatment): void {
    this.firstTreatment = write;
  }

  /** Registers a patient under a new data key; whoever registers joins the care team. Throws BAD_USER_INPUT for a taken MRN. */
  async create(context: RequestContext, input: CreatePatientInput): Promise<Patient> {
    const { policy, dataSource, tokens } = this.base;
    policy.demandRegistering(context.actor);
    policy.demandSetting(context.actor, 'patient', input);
    this.demandClinical(context, input);
    const id = newId();
    const { idempotencyKey: key, ...rest } = input;
    const request = { caller: context.actor.id, operation: 'createPatient', key, input: rest, resultId: id };
    const made = await this.numbered(context, input.mrn, (mrn) =>
      dataSource.transaction(async (manager) => {
        const earlier = await claimOnce(manager, tokens, request);
        return earlier ?? this.register(context, manager, { ...input, mrn }, id);
      }),
    );
    if (typeof made === 'string') return this.patients.get(context, made);
    this.patients.remember(context, made);
    return made;
  }

  /** Changes the given fields. Throws CONFLICT when somebody else was first; a change that changes nothing writes nothing. */
  async update(context: RequestContext, input: UpdatePatientInput): Promise<Patient> {
    this.base.policy.demand(context.actor, 'PATIENT_WRITE');
    this.base.policy.demandSetting(context.actor, 'patient', input);
    this.demandClinical(context, input);
    return this.refusingTakenMrn(context, () =>
      this.change(context, input, (manager, patient) => this.revise(context, manager, patient, input)),
    );
  }

  /** Writes a new patient in a transaction that was allowed already (registration, import). */
  async register(
    context: RequestContext,
    manager: EntityManager,
    input: CreatePatientInput,
    id?: string,
  ): Promise<Patient> {
    const [patient] = await this.registration.writeAll(context, manager, [{ id, input }]);
    return patient!;
  }

  /** Writes many new patients, and `alongside` what else belongs to them, in a transaction that was allowed already (demo). */
  registerAll(
    context: RequestContext,
    manager: EntityManager,
    wanted: readonly NewPatient[],
    alongside?: () => Promise<void>,
  ): Promise<Patient[]> {
    return this.registration.writeAll(context, manager, wanted, alongside);
  }

  /**
   * Changes the given fields of a locked patient, in a transaction that was allowed already (editing, import). False when
   * nothing differed; then nothing is written.
   */
  async revise(
    context: RequestContext,
    manager: EntityManager,
    patient: Patient,
    input: PatientChanges,
  ): Promise<boolean> {
    const before = privately(() => countedFacts(patient));
    if (!assignChanges(patient, input, this.index)) return false;
    await this.saveChanged(context, manager, patient);
    await this.index.put(manager, [patient]);
    await this.tell(manager, [{ before, after: privately(() => countedFacts(patient)) }]);
    return true;
  }

  /** Hides a patient, with the reason sealed in the record. Visits and log stay. */
  async remove(context: RequestContext, input: DeletePatientInput): Promise<Patient> {
    return this.change(context, input, async (manager, patient) => {
      patient.deletedAt = this.base.clock.now();
      patient.deleteReason = input.reason;
      await this.saveChanged(context, manager, patient);
      await this.tell(manager, [{ before: privately(() => countedFacts(patient)), after: null }]);
      return true;
    }, { permission: 'PATIENT_DELETE' }); // prettier-ignore
  }

  /** Brings a deleted patient back as it was. */
  async restore(context: RequestContext, input: RestorePatientInput): Promise<Patient> {
    return this.change(context, input, async (manager, patient) => {
      patient.deletedAt = null;
      patient.deleteReason = null;
      await this.saveChanged(context, manager, patient);
      await this.tell(manager, [{ before: null, after: privately(() => countedFacts(patient)) }]);
      return true;
    }, { permission: 'PATIENT_DELETE', deleted: true }); // prettier-ignore
  }

  /** Makes a patient unknown to everybody outside the care team, or known again; the reason is sealed in the record. */
  async setConfidential(context: RequestContext, input: SetConfidentialInput): Promise<Patient> {
    return this.change(context, input, async (manager, patient) => {
      if (patient.confidential === input.confidential) return false;
      patient.confidential = input.confidential;
      patient.confidentialReason = input.reason;
      await this.saveChanged(context, manager, patient);
      return true;
    }, { permission: 'PATIENT_CONFIDENTIAL' }); // prettier-ignore
  }

  private async change(
    context: RequestContext,
    wanted: { id: string; expectedVersion: number },
    apply: (manager: EntityManager, patient: Patient) => Promise<boolean>,
    how: { permission: Permission; deleted?: boolean } = { permission: 'PATIENT_WRITE' },
  ): Promise<Patient> {
    const patient = await this.base.dataSource.transaction(async (manager) => {
      const locked = await this.patients.lock(context, manager, wanted.id, how.permission, how.deleted);
      demandVersion(locked, wanted.expectedVersion);
      await apply(manager, locked);
      return locked;
    });
    this.patients.remember(context, patient);
    return patient;
  }

  private async saveChanged(context: RequestContext, manager: EntityManager, patient: Patient): Promise<void> {
    patient.version += 1;
    patient.updatedAt = this.base.clock.now();
    patient.updatedBy = context.actor.id;
    await updateRow(manager, patient);
  }

  private async tell(manager: EntityManager, changes: readonly CountedChange[]): Promise<void> {
    for (const observer of this.observers) await observer.patientsChanged(manager, changes);
  }

  private demandClinical(context: RequestContext, input: PatientChanges): void {
    const clinical = clinicalFields.some((field) => field in input && input[field as keyof typeof input] !== undefined);
    if (clinical) this.base.policy.demand(context.actor, 'CLINICAL_WRITE');
  }

  /** Does the work with the number given, or with one of the hospital's: another one, should that be taken meanwhile. */
  private async numbered<T>(
    context: RequestContext,
    given: string | null | undefined,
    work: (mrn: string) => Promise<T>,
  ): Promise<T> {
    if (given) return this.refusingTakenMrn(context, () => work(given));
    for (let left = DRAWN_AHEAD; ; left -= 1) {
      try {
        return await work(await this.numbers.next());
      } catch (error) {
        if (uniqueViolation(error) !== 'patient_mrn_unique' || left === 0) throw error;
      }
    }
  }

  private async refusingTakenMrn<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (uniqueViolation(error) !== 'patient_mrn_unique') throw error;
      context.mustRecord = true; // whoever tries numbers learns which are taken: as good as a search
      throw badInput('mrn', 'Another patient has this record number.');
    }
  }
}
