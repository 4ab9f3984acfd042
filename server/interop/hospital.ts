import type { Foundation } from '../access/foundation';
import type { Identity } from '../identity';
import type { PatientIndex, PatientRepository, PatientService } from '../patients';
import type { TreatmentService } from '../treatments';
import type { VisitRepository, VisitService } from '../visits';

/** What importing and the demo need of an opened hospital. */
export interface Hospital {
  readonly base: Foundation;
  readonly identity: Identity;
  readonly services: {
    readonly patients: PatientService;
    readonly patientRepository: PatientRepository;
    readonly patientIndex: PatientIndex;
    readonly visits: VisitService;
    readonly visitRepository: VisitRepository;
    readonly treatments: TreatmentService;
  };
  readonly config: { readonly dataDir: string };
}
