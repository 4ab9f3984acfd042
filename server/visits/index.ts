export { VisitAmendment } from './amendment.entity';
export { VisitAmendmentResolver, VisitAmendmentsResolver, VisitVersionResolver } from './amendment.resolver';
export { Amendments } from './amendments';
export { Visit, VisitStatus, VisitType, Vitals } from './visit.entity';
export { CreateVisitInput } from './visit.inputs';
export { VisitRepository } from './visit.repository';
export { PatientVisitsResolver, VisitResolver } from './visit.resolver';
export { VisitSources } from './visit-sources';
export { VisitService, type NewVisit } from './visit.service';
