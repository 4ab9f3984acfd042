import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import type { RequestContext } from '../../graphql/context';
import { badInput, conflict, notFound } from '../../graphql/errors';
import type { Logger } from '../../platform/logger';
import { canReturn, mergedInto } from '../merged';
import type { Patient } from '../patient.entity';
import type { PatientIndex } from '../patient-index';
import type { CertificateFiles } from './certificate-files';
import type { Eraser } from './eraser';
import { type Erasure, ErasureCertificate, newErasure } from './erasure.entity';
import type { ErasePatientInput } from './erasure.inputs';

export interface ErasureDeps {
  base: Foundation;
  index: PatientIndex;
  eraser: Eraser;
  files: CertificateFiles;
  logger: Logger;
}

/** Erases patients for good: by destroying their keys, not by removing rows. */
export class ErasureService {
  constructor(private readonly deps: ErasureDeps) {}

  /**
   * Erases a patient, deleted before or not, with every record that was merged into this one: they are the same person.
   * Throws MFA_REQUIRED unless this session proved its password again, NOT_FOUND for somebody who is not there (any more) or
   * whose record is part of another, BAD_USER_INPUT for a record number that is not the patient's.
   */
  async erase(context: RequestContext, input: ErasePatientInput): Promise<ErasureCertificate> {
    const { base } = this.deps;
    base.policy.demand(context.actor, 'PATIENT_ERASE'); // of all patients; the table gives it no other reach, a test says so
    base.policy.demandStepUp(context);
    const patientId = input.id.toLowerCase();
    const erasures = await base.dataSource.transaction((manager) => this.eraseAll(context, manager, patientId, input));
    for (const { id, certificate } of erasures) {
      base.keyring.forget(id); // the others hear of it; here it is gone before the answer
      await this.keep(id, certificate);
    }
    const { erasedAt, certificate } = erasures.find(({ id }) => id === patientId)!;
    return Object.assign(new ErasureCertificate(), { patientId, erasedAt, json: certificate });
  }

  /** Locks the records in the order of their ids, as merging does, and erases each with a certificate of its own. */
  private async eraseAll(
    context: RequestContext,
    manager: EntityManager,
    patientId: string,
    { confirmMrn, reason }: ErasePatientInput,
  ): Promise<Erasure[]> {
    const { base, index, eraser } = this.deps;
    const ids = [patientId, ...(await mergedInto(manager, [patientId]))].sort();
    const records = new Map<string, Patient | null>();
    for (const id of ids) records.set(id, await eraser.lock(manager, id));
    const patient = records.get(patientId);
    const gone = await manager.query<unknown[]>(
      `SELECT 1 FROM unnest($1::uuid[]) AS asked (id) WHERE NOT ${canReturn('asked.id')}`,
      [[patientId]],
    );
    if (!patient || gone.length > 0) throw notFound('patient');
    if ((await mergedInto(manager, [patientId])).length !== ids.length - 1)
      throw conflict({ version: patient.version, changedBy: null, changedAt: patient.updatedAt.toISOString() });
    // by its token: the number need not be opened to be compared
    if (!index.mrnToken(confirmMrn).equals(patient.mrnToken)) {
      throw badInput('confirmMrn', 'This is not the patient’s record number.');
    }
    const erasures: Erasure[] = [];
    for (const [id, record] of records) {
      const erasure = newErasure({ id, erasedAt: base.clock.now(), erasedBy: context.actor.id }, reason);
      await eraser.erase(context, manager, record, erasure);
      erasures.push(erasure);
    }
    return erasures;
  }

  /** The erasure stands, whatever becomes of the file: the next start writes what is missing. */
  private async keep(patientId: string, certificate: string): Promise<void> {
    try {
      await this.deps.files.write(patientId, certificate);
    } catch (error) {
      this.deps.logger.error({ err: error }, 'a certificate of erasure could not be written; the next start does');
    }
  }
}
