import type { AccessPolicy } from './access/policy';
import type { Foundation } from './access/foundation';
import { auditEntities, AuditResolver, AuditSubscriber, type AuditLog } from './audit';
import { DemographicBuckets, DemographicsResolver, DemographicsService } from './demographics';
import { Audit1767225600002 } from './database/migrations/1767225600002-audit';
import { Care1767225600004 } from './database/migrations/1767225600004-care';
import { Identity1767225600003 } from './database/migrations/1767225600003-identity';
import { Keys1767225600001 } from './database/migrations/1767225600001-keys';
import { identityEntities, identityResolvers, makeIdentity, type Identity, type IdentitySettings } from './identity';
import { NodeResolver } from './node.resolver';
import {
  CareTeam,
  CareTeamPlace,
  HumanNameResolver,
  Patient,
  PatientIndex,
  PatientList,
  PatientRepository,
  PatientResolver,
  PatientService,
  StoredRecord,
} from './patients';
import { PatientTreatmentsResolver, TreatmentResolver, TreatmentService, TreatmentUpdate } from './treatments';
import { PatientVisitsResolver, Visit, VisitRepository, VisitResolver, VisitService } from './visits';

/** The only list of what TypeORM maps, listens with and migrates. */
export const entities = [...identityEntities, ...auditEntities, Patient, CareTeamPlace, Visit, TreatmentUpdate];
export const subscribers = [AuditSubscriber];
export const migrations = [Keys1767225600001, Audit1767225600002, Identity1767225600003, Care1767225600004];

/** Everything that holds the rules, made once per process. */
export interface Services {
  identity: Identity;
  patients: PatientService;
  patientRepository: PatientRepository;
  patientIndex: PatientIndex;
  patientList: PatientList;
  careTeam: CareTeam;
  storedRecord: StoredRecord;
  visits: VisitService;
  visitRepository: VisitRepository;
  treatments: TreatmentService;
  demographics: DemographicsService;
  policy: AccessPolicy;
}

/** Wires the services, and the features that keep in step with patients. */
export function makeServices(base: Foundation, settings: IdentitySettings): Services {
  const patientRepository = new PatientRepository(base);
  const patientIndex = new PatientIndex(base.tokens);
  const patients = new PatientService(base, patientRepository, patientIndex);
  const treatments = new TreatmentService(base, patientRepository);
  const demographics = new DemographicsService(base, new DemographicBuckets(base.tokens), patientRepository);
  patients.observe(demographics);
  patients.onFirstTreatment(async (context, manager, patientId, text) => {
    await treatments.append(context, manager, { patientId, text });
  });
  return {
    identity: makeIdentity(base, settings),
    patients,
    patientRepository,
    patientIndex,
    patientList: new PatientList(base, patientRepository, patientIndex),
    careTeam: new CareTeam(base, patientRepository),
    storedRecord: new StoredRecord(base),
    visits: new VisitService(base, new VisitRepository(base, patientRepository), patientRepository),
    visitRepository: new VisitRepository(base, patientRepository),
    treatments,
    demographics,
    policy: base.policy,
  };
}

type Instance = object;

/** The only list of resolvers, each with the services it speaks for. */
export function makeResolvers(services: Services, auditLog: AuditLog): Map<Function, Instance> {
  const { patientRepository: patients, visitRepository: visits, treatments, identity } = services;
  const { staff } = identity;
  return new Map<Function, Instance>([
    ...identityResolvers(identity),
    [AuditResolver, new AuditResolver(auditLog)],
    [PatientResolver, new PatientResolver(patients, services.patientList, services.patients, services.careTeam, services.storedRecord, staff)],
    [HumanNameResolver, new HumanNameResolver()],
    [VisitResolver, new VisitResolver(visits, services.visits, patients, staff)],
    [PatientVisitsResolver, new PatientVisitsResolver(visits)],
    [TreatmentResolver, new TreatmentResolver(treatments, patients, visits, staff)],
    [PatientTreatmentsResolver, new PatientTreatmentsResolver(treatments)],
    [DemographicsResolver, new DemographicsResolver(services.demographics)],
    [NodeResolver, new NodeResolver(patients, visits, treatments, identity.users, services.policy)],
  ]);
}
