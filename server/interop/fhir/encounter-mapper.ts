import { newId } from '../../platform/ids';
import { VisitStatus, VisitType, type NewVisit } from '../../visits';
import { checkedVisit } from './checked';
import { identifiersOf, mapped, momentOf, wordsOf, type SystemValue } from './datatypes';
import { Fault } from './fault';
import { asObject, asText, objectsOf, type Json } from './json';
import { ownIdSystem } from './patient-mapper';

/** HL7 v3 ActEncounterCode. */
const classes: Readonly<Record<string, VisitType>> = {
  AMB: VisitType.AMBULATORY,
  PRENC: VisitType.AMBULATORY,
  EMER: VisitType.EMERGENCY,
  HH: VisitType.HOME,
  VR: VisitType.VIRTUAL,
  IMP: VisitType.INPATIENT,
  ACUTE: VisitType.INPATIENT,
  NONAC: VisitType.INPATIENT,
  OBSENC: VisitType.INPATIENT,
  SS: VisitType.INPATIENT,
};

/** FHIR R4 EncounterStatus. */
const statuses: Readonly<Record<string, VisitStatus>> = {
  planned: VisitStatus.PLANNED,
  arrived: VisitStatus.IN_PROGRESS,
  triaged: VisitStatus.IN_PROGRESS,
  'in-progress': VisitStatus.IN_PROGRESS,
  onleave: VisitStatus.IN_PROGRESS,
  finished: VisitStatus.FINISHED,
  cancelled: VisitStatus.CANCELLED,
  'entered-in-error': VisitStatus.ENTERED_IN_ERROR,
};

export type MappedVisit = Omit<NewVisit, 'patientId' | 'sourceToken'>;

/** A FHIR R4 Encounter as a visit. Throws Fault when it cannot be one. */
export function mapEncounter(resource: Json): MappedVisit {
  const period = asObject(resource.period);
  const startedAt = momentOf(period?.start, 'period.start');
  const endedAt = momentOf(period?.end, 'period.end');
  if (!startedAt) throw new Fault('period.start is missing');
  if (endedAt && endedAt < startedAt) throw new Fault('period ends before it starts');
  const status = asText(resource.status);
  const visit = {
    type: mapped(classes, asText(asObject(resource.class)?.code), 'class'),
    // `unknown` is a status of its own in FHIR; whether the visit is over shows in its period
    status:
      status === 'unknown'
        ? endedAt
          ? VisitStatus.FINISHED
          : VisitStatus.IN_PROGRESS
        : mapped(statuses, status, 'status'),
    startedAt,
    endedAt: endedAt ?? undefined,
    reason: reasonOf(resource),
  };
  checkedVisit({ ...visit, patientId: newId() });
  return visit;
}

/** What a visit is found by again: its first identifier, or its id in the source. Throws Fault without either. */
export function visitIdentifier(resource: Json): SystemValue {
  const [identifier] = identifiersOf(resource);
  if (identifier) return identifier;
  const id = asText(resource.id);
  if (!id) throw new Fault('neither an identifier with system and value nor an id');
  return { system: ownIdSystem('Encounter'), value: id };
}

function reasonOf({ reasonCode, type }: Json): string | undefined {
  const words = (concepts: unknown) => objectsOf(concepts).map(wordsOf).filter(Boolean).join('; ');
  return words(reasonCode) || words(type) || undefined;
}
