export { TreatmentStatus, TreatmentUpdate } from './treatment.entity';
export { PatientTreatmentsResolver, TreatmentResolver } from './treatment.resolver';
export { TreatmentService } from './treatment.service';
