import type { Foundation } from '../../access/foundation';
import type { RequestContext } from '../../graphql/context';
import { badInput, notFound } from '../../graphql/errors';
import type { Logger } from '../../platform/logger';
import type { PatientIndex } from '../patient-index';
import type { CertificateFiles } from './certificate-files';
import type { Eraser } from './eraser';
import { Erasure, ErasureCertificate, newErasure } from './erasure.entity';
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
   * Erases a patient, deleted before or not. Throws MFA_REQUIRED unless this session proved its password again, NOT_FOUND
   * for somebody who is not there (any more), BAD_USER_INPUT for a record number that is not the patient's.
   */
  async erase(context: RequestContext, input: ErasePatientInput): Promise<ErasureCertificate> {
    const { base, index, eraser } = this.deps;
    base.policy.demand(context.actor, 'PATIENT_ERASE'); // of all patients; the table gives it no other reach, a test says so
    base.policy.demandStepUp(context);
    const patientId = input.id.toLowerCase();
    const { erasedAt, certificate } = await base.dataSource.transaction(async (manager) => {
      const patient = await eraser.lock(manager, patientId);
      if (!patient || (await manager.existsBy(Erasure, { id: patientId }))) throw notFound('patient');
      // by its token: the number need not be opened to be compared
      if (!index.mrnToken(input.confirmMrn).equals(patient.mrnToken)) {
        throw badInput('confirmMrn', 'This is not the patient’s record number.');
      }
      const erasure = newErasure(
        { id: patientId, erasedAt: base.clock.now(), erasedBy: context.actor.id },
        input.reason,
      );
      await eraser.erase(context, manager, patient, erasure);
      return erasure;
    });
    base.keyring.forget(patientId); // the others hear of it; here it is gone before the answer
    await this.keep(patientId, certificate);
    return Object.assign(new ErasureCertificate(), { patientId, erasedAt, json: certificate });
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
