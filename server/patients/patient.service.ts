import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { clinicalFields } from '../access/permissions';
import { insertDataKey } from '../database/key-store';
import { claimOnce } from '../database/idempotency';
import { uniqueViolation } from '../database/postgres-errors';
import { holdsSame, privately } from '../database/sealed-column';
import { badInput, conflict } from '../graphql/errors';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { CareTeamPlace, Patient } from './patient.entity';
import type { CreatePatientInput, DeletePatientInput, RestorePatientInput, UpdatePatientInput } from './patient.inputs';
import type { PatientIndex } from './patient-index';
import type { PatientRepository } from './patient.repository';

/** What others keep in step with patients, in the same transaction (demographic counts). Either side is null at the ends. */
export interface PatientObserver {
  patientChanged(manager: EntityManager, before: PatientFacts | null, after: PatientFacts | null): Promise<void>;
}

export interface PatientFacts {
  birthDate: string | null;
  gender: string;
}

/** Writes the first treatment of a new patient, in the same transaction. */
export type FirstTreatment = (
  context: RequestContext,
  manager: EntityManager,
  patientId: string,
  text: string,
) => Promise<void>;

const editable = [
  'mrn', 'name', 'birthDate', 'gender', 'phone', 'email', 'address', 'emergencyContact',
  'identifiers', 'allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory',
] as const; // prettier-ignore

const required: readonly string[] = ['mrn', 'name', 'gender'];

/** Registers, edits, deletes and restores patients. */
export class PatientService {
  private firstTreatment: FirstTreatment | null = null;
  private readonly observers: PatientObserver[] = [];

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly index: PatientIndex,
  ) {}

  observe(observer: PatientObserver): void {
    this.observers.push(observer);
  }

  onFirstTreatment(write: FirstTreatment): void {
    this.firstTreatment = write;
  }

  /** Registers a patient under a new data key; whoever registers joins the care team. Throws BAD_USER_INPUT for a taken MRN. */
  async create(context: RequestContext, input: CreatePatientInput): Promise<Patient> {
    const { policy, dataSource, tokens } = this.base;
    policy.demand(context.actor, 'PATIENT_WRITE');
    this.demandClinical(context, input);
    const id = newId();
    const made = await this.refusingTakenMrn(() =>
      dataSource.transaction(async (manager) => {
        const { idempotencyKey: key, ...rest } = input;
        const request = { caller: context.actor.id, operation: 'createPatient', key, input: rest, resultId: id };
        const earlier = await claimOnce(manager, tokens, request);
        if (earlier) return earlier;
        return this.register(context, manager, input, id);
      }),
    );
    if (typeof made === 'string') return this.patients.get(context, made);
    this.patients.remember(context, made);
    return made;
  }

  /** Changes the given fields. Throws CONFLICT when somebody else was first; a change that changes nothing writes nothing. */
  async update(context: RequestContext, input: UpdatePatientInput): Promise<Patient> {
    this.base.policy.demand(context.actor, 'PATIENT_WRITE');
    this.demandClinical(context, input);
    return this.refusingTakenMrn(() =>
      this.change(context, input, (manager, patient) => this.revise(context, manager, patient, input)),
    );
  }

  /** Writes a new patient in a transaction that was allowed already (registration, import). A taken MRN breaks `patient_mrn_unique`. */
  async register(
    context: RequestContext,
    manager: EntityManager,
    input: CreatePatientInput,
    id = newId(),
  ): Promise<Patient> {
    const now = this.base.clock.now();
    const key = this.base.keyring.mint(id, 'patient');
    await insertDataKey(manager, key);
    const patient = new Patient();
    Object.assign(patient, {
      id,
      confidential: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
      updatedBy: context.actor.id,
    });
    const mrn = input.mrn ?? (await this.nextMrn(manager));
    this.assign(patient, { ...input, mrn });
    await manager.insert(Patient, patient);
    const { tokens, facts } = privately(() => ({ tokens: this.index.tokensOf(patient), facts: factsOf(patient) }));
    await this.index.move(manager, id, [], tokens);
    if (context.actor.id) {
      const place = { id: newId(), patientId: id, userId: context.actor.id, since: now };
      await manager.insert(CareTeamPlace, Object.assign(new CareTeamPlace(), place));
    }
    if (input.treatment) await this.firstTreatment?.(context, manager, id, input.treatment);
    await this.tell(manager, null, facts);
    return patient;
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
    const before = privately(() => ({ tokens: this.index.tokensOf(patient), facts: factsOf(patient) }));
    if (!this.assign(patient, input)) return false;
    await this.saveChanged(context, manager, patient);
    const after = privately(() => ({ tokens: this.index.tokensOf(patient), facts: factsOf(patient) }));
    await this.index.move(manager, patient.id, before.tokens, after.tokens);
    await this.tell(manager, before.facts, after.facts);
    return true;
  }

  /** Hides a patient, with the reason sealed in the record. Visits and log stay. */
  async remove(context: RequestContext, input: DeletePatientInput): Promise<Patient> {
    return this.change(context, input, async (manager, patient) => {
      patient.deletedAt = this.base.clock.now();
      patient.deleteReason = input.reason;
      await this.saveChanged(context, manager, patient);
      await this.tell(manager, privately(() => factsOf(patient)), null);
      return true;
    }, { permission: 'PATIENT_DELETE' }); // prettier-ignore
  }

  /** Brings a deleted patient back as it was. */
  async restore(context: RequestContext, input: RestorePatientInput): Promise<Patient> {
    return this.change(context, input, async (manager, patient) => {
      patient.deletedAt = null;
      patient.deleteReason = null;
      await this.saveChanged(context, manager, patient);
      await this.tell(manager, null, privately(() => factsOf(patient)));
      return true;
    }, { permission: 'PATIENT_DELETE', deleted: true }); // prettier-ignore
  }

  private async change(
    context: RequestContext,
    wanted: { id: string; expectedVersion: number },
    apply: (manager: EntityManager, patient: Patient) => Promise<boolean>,
    how: { permission: 'PATIENT_WRITE' | 'PATIENT_DELETE'; deleted?: boolean } = { permission: 'PATIENT_WRITE' },
  ): Promise<Patient> {
    const patient = await this.base.dataSource.transaction(async (manager) => {
      const locked = await this.patients.lock(context, manager, wanted.id, how.permission, how.deleted);
      if (locked.version !== wanted.expectedVersion) {
        throw conflict({
          version: locked.version,
          changedBy: locked.updatedBy,
          changedAt: locked.updatedAt.toISOString(),
        });
      }
      await apply(manager, locked);
      return locked;
    });
    this.patients.remember(context, patient);
    return patient;
  }

  /** Sets what differs; true when anything did. Throws BAD_USER_INPUT for clearing what every patient must have. */
  private assign(patient: Patient, input: PatientChanges): boolean {
    let changed = false;
    for (const field of editable) {
      const value = input[field];
      if (value === undefined) continue;
      if (value === null && required.includes(field)) throw badInput(field, 'This cannot be cleared.');
      const wanted = Array.isArray(value) && value.length === 0 ? null : value;
      if (holdsSame(patient, field, wanted)) continue;
      Object.assign(patient, { [field]: wanted });
      if (field === 'mrn') patient.mrnToken = this.index.mrnToken(value as string);
      changed = true;
    }
    if (input.deceasedAt !== undefined) {
      const deceased = input.deceasedAt?.toISOString() ?? null;
      if (!holdsSame(patient, 'deceased', deceased)) {
        patient.deceased = deceased;
        changed = true;
      }
    }
    return changed;
  }

  private async saveChanged(context: RequestContext, manager: EntityManager, patient: Patient): Promise<void> {
    patient.version += 1;
    patient.updatedAt = this.base.clock.now();
    patient.updatedBy = context.actor.id;
    await manager.save(patient, { reload: false });
  }

  /** The living count, the deceased do not. */
  private async tell(manager: EntityManager, before: CountedFacts, after: CountedFacts): Promise<void> {
    for (const observer of this.observers) await observer.patientChanged(manager, counted(before), counted(after));
  }

  private demandClinical(context: RequestContext, input: PatientChanges): void {
    const clinical = clinicalFields.some((field) => field in input && input[field as keyof typeof input] !== undefined);
    if (clinical) this.base.policy.demand(context.actor, 'CLINICAL_WRITE');
  }

  /** The next number that nobody was given by hand before its turn. */
  private async nextMrn(manager: EntityManager): Promise<string> {
    for (;;) {
      const [row] = await manager.query<{ mrn: string }[]>("SELECT 'H' || nextval('mrn_seq') AS mrn");
      const { mrn } = row!;
      const taken = { where: { mrnToken: this.index.mrnToken(mrn) } };
      if (!(await manager.exists(Patient, taken))) return mrn;
    }
  }

  private async refusingTakenMrn<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (uniqueViolation(error) === 'patient_mrn_unique')
        throw badInput('mrn', 'Another patient has this record number.');
      throw error;
    }
  }
}

/** What may be set on a patient, new or known; left out stays as it is. */
export type PatientChanges = Partial<Omit<CreatePatientInput, keyof UpdatePatientInput>> & Partial<UpdatePatientInput>;

type CountedFacts = (PatientFacts & { living: boolean }) | null;

function factsOf(patient: Patient): NonNullable<CountedFacts> {
  return { birthDate: patient.birthDate, gender: patient.gender, living: patient.deceased === null };
}

function counted(facts: CountedFacts): PatientFacts | null {
  return facts?.living ? facts : null;
}
