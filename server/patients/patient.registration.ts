import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { insertRows } from '../database/insert-rows';
import { insertDataKeys } from '../database/key-store';
import { privately } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { newId } from '../platform/ids';
import { CareRole, CareTeamPlace } from './care-team.entity';
import { Patient } from './patient.entity';
import type { CreatePatientInput } from './patient.inputs';
import type { PatientIndex } from './patient-index';
import type { RecordNumbers } from './record-numbers';
import { assignChanges, countedFacts, type CountedChange } from './patient.changes';

/** A patient to be registered; the id is made here unless the caller has one. */
export interface NewPatient {
  id?: string;
  input: CreatePatientInput;
}

/** Writes the first treatment of a new patient, in the same transaction. */
export type FirstTreatment = (
  context: RequestContext,
  manager: EntityManager,
  patientId: string,
  text: string,
) => Promise<void>;

/**
 * Writes new patients in a transaction that was allowed already (registration, import, demo). One or a hundred cost the
 * same number of statements.
 */
export class PatientRegistration {
  constructor(
    private readonly base: Foundation,
    private readonly index: PatientIndex,
    private readonly numbers: RecordNumbers,
    private readonly tell: (manager: EntityManager, changes: readonly CountedChange[]) => Promise<void>,
    private readonly writeTreatment: FirstTreatment,
  ) {}

  /**
   * Registers each under a data key of its own; whoever registers joins the care teams. A taken MRN breaks
   * `patient_mrn_unique`.
   *
   * @param alongside writes what else belongs to these patients. The demographic counters come after it, last of all, since
   * others wait for them until this commits.
   */
  async writeAll(
    context: RequestContext,
    manager: EntityManager,
    wanted: readonly NewPatient[],
    alongside: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Patient[]> {
    const withoutMrn = wanted.filter(({ input }) => !input.mrn).length;
    const mrns = withoutMrn > 0 ? await this.numbers.draw(withoutMrn) : [];
    const ids = wanted.map(({ id }) => id ?? newId());
    const keys = ids.map((id) => this.base.keyring.mint(id, 'patient'));
    const patients = wanted.map(({ input }, place) =>
      this.build(context, ids[place]!, { ...input, mrn: input.mrn ?? mrns.pop()! }),
    );
    await insertRows(manager, Patient, patients);
    await this.joinTeams(context, manager, patients);
    for (const [place, { input }] of wanted.entries()) {
      if (input.treatment) await this.writeTreatment(context, manager, ids[place]!, input.treatment);
    }
    // all of this is under way; these two have an answer to look at
    await Promise.all([insertDataKeys(manager, keys), this.index.put(manager, patients)]);
    await alongside();
    const facts = privately(() => patients.map(countedFacts));
    await this.tell(manager, facts.map((after) => ({ before: null, after }))); // prettier-ignore
    return patients;
  }

  private build(context: RequestContext, id: string, input: CreatePatientInput): Patient {
    const now = this.base.clock.now();
    const patient = new Patient();
    Object.assign(patient, {
      id,
      confidential: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
      updatedBy: context.actor.id,
    });
    assignChanges(patient, input, this.index);
    return patient;
  }

  private async joinTeams(context: RequestContext, manager: EntityManager, patients: Patient[]): Promise<void> {
    const { kind, id: userId, role } = context.actor;
    if (kind !== 'user' || !userId) return;
    const careRole = role === 'ADMIN' ? null : CareRole.ATTENDING;
    const places = patients.map(({ id, createdAt }) =>
      Object.assign(new CareTeamPlace(), { id: newId(), patientId: id, userId, since: createdAt, careRole }),
    );
    await insertRows(manager, CareTeamPlace, places);
  }
}
