import { Allergy, AllergySeverity, Medication, MedicationStatus, Problem, ProblemStatus } from '../../patients';
import { checked } from './checked';
import { codeOf, codingsOf, dayOf, mapped, wordsOf } from './datatypes';
import { doseOf } from './dose';
import { Fault } from './fault';
import { asText, objectsOf, type Json } from './json';

/** An item of one of the patient's lists. */
export interface ListItem<T> {
  /** What makes two items the same one. */
  key: string;
  /** Null when the source withdraws it. */
  value: T | null;
  /** When it was told, as written; the later of two wins. */
  told: string;
}

const problemStatuses: Readonly<Record<string, ProblemStatus>> = {
  active: ProblemStatus.ACTIVE,
  recurrence: ProblemStatus.ACTIVE,
  relapse: ProblemStatus.ACTIVE,
  inactive: ProblemStatus.INACTIVE,
  remission: ProblemStatus.INACTIVE,
  resolved: ProblemStatus.RESOLVED,
};

const medicationStatuses: Readonly<Record<string, MedicationStatus>> = {
  active: MedicationStatus.ACTIVE,
  'on-hold': MedicationStatus.ON_HOLD,
  stopped: MedicationStatus.STOPPED,
  cancelled: MedicationStatus.STOPPED,
  completed: MedicationStatus.COMPLETED,
  draft: MedicationStatus.UNKNOWN,
  unknown: MedicationStatus.UNKNOWN,
};

const severities: Readonly<Record<string, AllergySeverity>> = {
  mild: AllergySeverity.MILD,
  moderate: AllergySeverity.MODERATE,
  severe: AllergySeverity.SEVERE,
};

const allergyStatuses: Readonly<Record<string, boolean>> = { active: true, inactive: false, resolved: false };
const withdrawn = ['entered-in-error', 'refuted'];

/** A FHIR R4 Condition as an item of the problem list. */
export function mapCondition(resource: Json): ListItem<Problem> {
  const text = wordsOf(resource.code);
  if (!text) throw new Fault('code is missing');
  const [coding] = codingsOf(resource.code).filter(({ code }) => code);
  const onset = dayOf(resource.onsetDateTime ?? objectsOf(resource.onsetPeriod)[0]?.start, 'onset') ?? undefined;
  const over = resource.abatementDateTime !== undefined || resource.abatementPeriod !== undefined;
  const told = codeOf(resource.clinicalStatus) ?? (over ? 'resolved' : 'active');
  const status = mapped(problemStatuses, told, 'clinicalStatus');
  const value = checked(Problem, {
    code: coding?.code ?? undefined,
    system: coding?.system ?? undefined,
    text,
    onset,
    status,
  });
  return item(problemKey(value), isWithdrawn(resource) ? null : value, resource.onsetDateTime ?? resource.recordedDate);
}

/** A FHIR R4 AllergyIntolerance. One that is over is taken off the list, which knows only present ones. */
export function mapAllergy(resource: Json): ListItem<Allergy> {
  const substance = wordsOf(resource.code) ?? wordsOf(objectsOf(resource.reaction)[0]?.substance);
  if (!substance) throw new Fault('code is missing');
  const reactions = objectsOf(resource.reaction);
  const manifestations = reactions.flatMap(({ manifestation, description }) => {
    const words = objectsOf(manifestation).map(wordsOf).filter(Boolean);
    return words.length > 0 ? words : [asText(description)].filter(Boolean);
  });
  const present = mapped(allergyStatuses, codeOf(resource.clinicalStatus) ?? 'active', 'clinicalStatus');
  const reaction = [...new Set(manifestations)].join(', ') || undefined;
  const value = checked(Allergy, { substance, reaction, severity: severityOf(resource, reactions) });
  return item(allergyKey(value), present && !isWithdrawn(resource) ? value : null, resource.recordedDate);
}

/** The worst reaction; without one, a high criticality counts as severe, for it warns of danger to life. */
function severityOf({ criticality }: Json, reactions: Json[]): AllergySeverity {
  const told = reactions.map(({ severity }) => asText(severity)).filter((severity) => severity !== null);
  const found = new Set(told.map((severity) => mapped(severities, severity, 'reaction.severity')));
  const worst = [AllergySeverity.SEVERE, AllergySeverity.MODERATE, AllergySeverity.MILD].find((severity) =>
    found.has(severity),
  );
  return worst ?? (criticality === 'high' ? AllergySeverity.SEVERE : AllergySeverity.UNKNOWN);
}

/** A FHIR R4 MedicationRequest. `medication` is the resource it refers to, when it does. */
export function mapMedication(resource: Json, medication: Json | null): ListItem<Medication> {
  const text = wordsOf(resource.medicationCodeableConcept) ?? wordsOf(medication?.code);
  if (!text) throw new Fault('medication is missing');
  const code = asText(resource.status);
  const status = code === 'entered-in-error' ? MedicationStatus.UNKNOWN : mapped(medicationStatuses, code, 'status');
  const value = checked(Medication, { text, dose: doseOf(resource.dosageInstruction), status });
  return item(medicationKey(value), code === 'entered-in-error' ? null : value, resource.authoredOn);
}

export const problemKey = ({ system, code, text }: Problem) => (code ? `${system ?? ''}|${code}` : text.toLowerCase());
export const allergyKey = ({ substance }: Allergy) => substance.toLowerCase();
export const medicationKey = ({ text }: Medication) => text.toLowerCase();

function isWithdrawn({ verificationStatus }: Json): boolean {
  return withdrawn.includes(codeOf(verificationStatus) ?? '');
}

function item<T>(key: string, value: T | null, told: unknown): ListItem<T> {
  return { key, value, told: asText(told) ?? '' };
}
