export { TreatmentStatus, TreatmentUpdate } from './treatment.entity';
export { RecordTreatmentInput } from './treatment.inputs';
export { PatientTreatmentsResolver, TreatmentResolver } from './treatment.resolver';
export { TreatmentService } from './treatment.service';
