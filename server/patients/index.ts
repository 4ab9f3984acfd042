export { CareTeam } from './care-team';
export { CareTeamPlace } from './care-team.entity';
export { CareTeamResolver } from './care-team.resolver';
export { PatientIndex } from './patient-index';
export { PatientList } from './patient.list';
export { erasedAmong } from './erased-among';
export { createErasures, Erasure, ErasureResolver, type ErasureObserver, type Erasures } from './erasure';
export { Patient } from './patient.entity';
export { PatientRepository } from './patient.repository';
export { HumanNameResolver, PatientResolver } from './patient.resolver';
export { ageOn, MRN } from './patient.rules';
export { keptFor, mergedInto, notMerged } from './merged';
export { countedFacts, type CountedChange, type PatientFacts } from './patient.changes';
export { PatientService, type PatientObserver } from './patient.service';
export { PrintResolver } from './print.resolver';
export { Printing } from './printing';
export { SearchGenerationRow } from './search/generation.entity';
export { Generations } from './search/generations';
export { atHome, byMail, fullName, hasLikeness, type Likeness } from './search/likeness';
export { Reindex } from './search/reindex';
export { PatientEdgeResolver, SimilarPatientsResolver } from './search/search.resolver';
export { SimilarPatients } from './search/similar-patients';
export { SearchUpkeep } from './search/upkeep';
export { verifyTokens, type TokenFinding } from './search/verify-tokens';
export { StoredRecord } from './stored-record';
export {
  Address,
  Allergy,
  AllergySeverity,
  EmergencyContact,
  Gender,
  HumanName,
  Identifier,
  Medication,
  MedicationStatus,
  Problem,
  ProblemStatus,
} from './patient.values';
export { CreatePatientInput } from './patient.inputs';
