import type { AccessPolicy } from './access/policy';
import type { Foundation } from './access/foundation';
import { reachOf } from './access/permissions';
import {
  AlarmsResolver,
  AlarmsService,
  AuditResolver,
  AuditService,
  AuditSubscriber,
  PatientHistory,
  type AuditLog,
  type LogReach,
} from './audit';
import type { RequestContext } from './graphql/context';
import { forbidden, unauthenticated } from './graphql/errors';
import { ApiClient, ApiClientCredential, createApiClients, type ApiClients } from './api-clients';
import { BreakGlassGrant, createBreakGlass, type BreakGlass } from './break-glass';
import { DemographicBuckets, DemographicsResolver, DemographicsService } from './demographics';
import { OidcLink, Passkey, Session, TotpSecret, User, type Identity } from './identity';
import { KeysResolver, KeysService } from './keys';
import { LiveResolver } from './live';
import { createMerging, PatientMerge, type Merging } from './merge';
import { NodeResolver } from './node.resolver';
import { poolOf } from './database/reader';
import type { Logger } from './platform/logger';
import {
  CareTeam,
  CareTeamPlace,
  CareTeamResolver,
  createErasures,
  Erasure,
  ErasureResolver,
  Generations,
  HumanNameResolver,
  mergedInto,
  Patient,
  PatientEdgeResolver,
  PatientIndex,
  PatientList,
  PatientRepository,
  PatientResolver,
  PatientService,
  Printing,
  PrintResolver,
  Reindex,
  SearchGenerationRow,
  SearchUpkeep,
  SimilarPatients,
  SimilarPatientsResolver,
  StoredRecord,
  type Erasures,
} from './patients';
import { createReports, type Reports } from './reports';
import { createSnooping, SnoopingFinding, type Snooping, type SnoopingRules } from './snooping';
import { PatientTreatmentsResolver, TreatmentResolver, TreatmentService, TreatmentUpdate } from './treatments';
import {
  Amendments,
  PatientVisitsResolver,
  Visit,
  VisitAmendment,
  VisitAmendmentResolver,
  VisitAmendmentsResolver,
  VisitRepository,
  VisitResolver,
  VisitService,
  VisitSources,
  VisitVersionResolver,
} from './visits';

/** The only list of what TypeORM maps and listens with. */
export const entities = [
  User,
  Session,
  TotpSecret,
  Passkey,
  OidcLink,
  ApiClient,
  ApiClientCredential,
  Patient,
  CareTeamPlace,
  BreakGlassGrant,
  SnoopingFinding,
  PatientMerge,
  Visit,
  VisitAmendment,
  TreatmentUpdate,
  Erasure,
  SearchGenerationRow,
];
export const subscribers = [AuditSubscriber];

/** Everything that holds the rules, made once per process. */
export interface Services {
  identity: Identity;
  apiClients: ApiClients;
  patients: PatientService;
  patientRepository: PatientRepository;
  patientIndex: PatientIndex;
  patientList: PatientList;
  searchUpkeep: SearchUpkeep;
  keys: KeysService;
  similarPatients: SimilarPatients;
  careTeam: CareTeam;
  breakGlass: BreakGlass;
  snooping: Snooping;
  merging: Merging;
  storedRecord: StoredRecord;
  erasures: Erasures;
  printing: Printing;
  visits: VisitService;
  visitRepository: VisitRepository;
  amendments: Amendments;
  treatments: TreatmentService;
  demographics: DemographicsService;
  audit: AuditService;
  alarms: AlarmsService;
  reports: Reports;
  policy: AccessPolicy;
}

/** Wires the services, and the features that keep in step with patients. */
export function makeServices(
  base: Foundation,
  identity: Identity,
  auditLog: AuditLog,
  place: {
    dataDir: string;
    logger: Logger;
    namePrefixSearch: boolean;
    keyMaxAgeDays: number;
    breakGlassPerHour: number;
    snooping: SnoopingRules;
  },
): Services {
  const patientRepository = new PatientRepository(base);
  const patientIndex = new PatientIndex(base, new Generations(base));
  const careTeam = new CareTeam(base, patientRepository);
  const patients = new PatientService(base, patientRepository, patientIndex);
  const treatments = new TreatmentService(base, patientRepository);
  const demographics = new DemographicsService(base, new DemographicBuckets(base.tokens), patientRepository);
  patients.observe(demographics);
  patients.onFirstTreatment(async (context, manager, patientId, text) => {
    await treatments.append(context, manager, { patientId, text });
  });
  const searchUpkeep = new SearchUpkeep(base, patientIndex, new Reindex(base, patientRepository, patientIndex), {
    prefixes: place.namePrefixSearch,
    logger: place.logger,
  });
  const apiClients = createApiClients(base, identity);
  const amendments = new Amendments(base);
  return {
    identity,
    apiClients,
    patients,
    patientRepository,
    patientIndex,
    patientList: new PatientList(base, patientRepository, patientIndex),
    searchUpkeep,
    keys: new KeysService(base, {
      logger: place.logger,
      maxAgeDays: place.keyMaxAgeDays,
      reindex: (how) => searchUpkeep.reindex(how),
    }),
    similarPatients: new SimilarPatients(base, patientRepository, patientIndex.generations),
    careTeam,
    snooping: createSnooping(base, {
      identity,
      patients: patientRepository,
      generations: patientIndex.generations,
      ...place.snooping,
    }),
    breakGlass: createBreakGlass(base, {
      perHour: place.breakGlassPerHour,
      patients: patientRepository,
      index: patientIndex,
      careTeam,
      staff: identity.staff,
    }),
    merging: createMerging({
      base,
      patients: patientRepository,
      index: patientIndex,
      counts: demographics,
      staff: identity.staff,
    }),
    storedRecord: new StoredRecord(base),
    erasures: createErasures({
      base,
      index: patientIndex,
      log: auditLog,
      counts: demographics,
      observers: [new VisitSources(base.clock)],
      ...place,
    }),
    printing: new Printing(base, patientRepository),
    visits: new VisitService(base, new VisitRepository(base, patientRepository), patientRepository, amendments),
    visitRepository: new VisitRepository(base, patientRepository),
    amendments,
    treatments,
    demographics,
    audit: makeAuditService(base, namesOf(identity, apiClients), auditLog),
    alarms: new AlarmsService(auditLog.alarms, namesOf(identity, apiClients)),
    reports: createReports({
      base,
      history: new PatientHistory(poolOf(base.dataSource), auditLog.proofs),
      patients: patientRepository,
      namesOf: namesOf(identity, apiClients),
    }),
    policy: base.policy,
  };
}

function makeAuditService(base: Foundation, names: ReturnType<typeof namesOf>, log: AuditLog): AuditService {
  const { dataSource, cursors, audit } = base;
  return new AuditService({
    dataSource,
    cursors,
    audit,
    log,
    reachOf: (actor) => {
      if (!actor.id) throw unauthenticated();
      const reach = reachOf(actor.role, 'AUDIT_READ');
      if (!reach) throw forbidden();
      return reach as LogReach; // the table gives this permission no other reach; a test says so
    },
    mergedInto: (ids) => mergedInto(dataSource.manager, ids),
    namesOf: names,
  });
}

/** Names of people and of other systems, by the ids under which the log knows them. */
function namesOf({ staff }: Identity, apiClients: ApiClients) {
  return async (context: RequestContext, ids: readonly string[]): Promise<Map<string, string>> => {
    const named = await Promise.all(
      ids.map(async (id) => [id, (await staff.find(context, id))?.name ?? (await apiClients.nameOf(id))] as const),
    );
    return new Map(named.flatMap(([id, name]) => (name === null ? [] : [[id, name]])));
  };
}

/** The only list of resolvers, each with the services it speaks for. */
export function makeResolvers(services: Services): readonly object[] {
  const { patientRepository: patients, visitRepository: visits, treatments, identity } = services;
  const { staff } = identity;
  return [
    ...identity.resolvers,
    ...services.apiClients.resolvers,
    new AuditResolver(services.audit),
    new AlarmsResolver(services.alarms),
    ...services.reports.resolvers,
    new PatientResolver(patients, services.patientList, services.patients, services.storedRecord),
    new CareTeamResolver(services.careTeam, staff),
    ...services.breakGlass.resolvers,
    ...services.snooping.resolvers,
    ...services.merging.resolvers,
    new HumanNameResolver(),
    new PatientEdgeResolver(),
    new SimilarPatientsResolver(services.similarPatients),
    new ErasureResolver(services.erasures.service),
    new PrintResolver(services.printing),
    new VisitResolver(visits, services.visits, patients, staff),
    new PatientVisitsResolver(visits),
    new VisitAmendmentsResolver(services.amendments, visits, services.visits),
    new VisitAmendmentResolver(staff),
    new VisitVersionResolver(staff),
    new TreatmentResolver(treatments, patients, visits, staff),
    new PatientTreatmentsResolver(treatments),
    new DemographicsResolver(services.demographics),
    new KeysResolver(services.keys),
    new LiveResolver(patients),
    new NodeResolver(patients, visits, treatments, identity.users, services.policy),
  ];
}
