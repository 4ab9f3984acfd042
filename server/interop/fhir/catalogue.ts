import { normaliseMrn } from '../../crypto/normalise';
import type { Report } from './report';
import { Fault } from './fault';
import { asText, type Json } from './json';
import { patientIdentifiers, recordNumberOf } from './patient-mapper';
import { keysOf, referenceKey, referenceOf } from './references';
import type { Found, Location, Source } from './sources';
import { isVitalSign } from './vitals-mapper';

const clinicalTypes = ['Encounter', 'Condition', 'AllergyIntolerance', 'MedicationRequest', 'Observation'] as const;
export type ClinicalType = (typeof clinicalTypes)[number];

/** A patient of the sources, and where everything about the patient stands. */
export interface SourcePatient {
  location: Location;
  resources: { type: ClinicalType; location: Location }[];
  /** All that share an identifier or a record number with this one, itself included: copies, or a number given twice. */
  group: Set<SourcePatient>;
}

interface Waiting {
  key: string;
  source: Source;
  resources: SourcePatient['resources'];
}

/**
 * What the sources hold, by patient: ids, references and places only, never bodies, so that its size does not hang on
 * theirs. Resources may stand before the patient they belong to, and in other files.
 */
export class Catalogue {
  private readonly patients: SourcePatient[] = [];
  private readonly byKey = new Map<string, SourcePatient>();
  private readonly byIdentifier = new Map<string, SourcePatient>();
  private readonly medications = new Map<string, Location>();
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly report: Report) {}

  /** Takes in everything a source holds. */
  async scan(source: Source): Promise<void> {
    for await (const found of source.scan()) {
      try {
        if ('fault' in found) throw new Fault(found.fault);
        this.add(found);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.report.fault(found.location, error.message);
      }
    }
  }

  /** Brings every resource to its patient; those of an unknown one are reported. */
  resolve(): void {
    for (const { key, source, resources } of this.waiting.values()) {
      const patient = this.byKey.get(scoped(source, key)) ?? this.byKey.get(key);
      if (patient) for (const resource of resources) patient.resources.push(resource);
      else for (const { location } of resources) this.report.fault(location, 'unknown reference to a patient');
    }
    this.waiting.clear();
  }

  /** Every patient once, in the order of the sources; those of one group together. */
  groups(): SourcePatient[][] {
    const inOrder = new Map(this.patients.map((patient, order) => [patient, order]));
    const groups = new Set(this.patients.map(({ group }) => group));
    return [...groups].map((group) => [...group].sort((one, other) => inOrder.get(one)! - inOrder.get(other)!));
  }

  /** Where a Medication stands that somebody in this source refers to, or null. */
  findMedication(source: Source, reference: string): Location | null {
    const key = referenceKey(reference);
    return this.medications.get(scoped(source, key)) ?? this.medications.get(key) ?? null;
  }

  private add({ resource, location, fullUrl }: Exclude<Found, { fault: string }>): void {
    const type = asText(resource.resourceType);
    if (!type || !/^[A-Za-z]{1,64}$/.test(type)) throw new Fault('no resourceType');
    if (type === 'Patient') return this.addPatient(resource, location, fullUrl);
    if (type === 'Medication') return enter(this.medications, keysOf(resource, fullUrl), location, location);
    if (type === 'Bundle') throw new Fault('a Bundle within another file of resources');
    if (!isClinical(type)) return this.report.skip(type);
    if (type === 'Observation' && !isVitalSign(resource)) return this.report.skip('Observation other than vital signs');
    const reference = referenceOf(resource.subject ?? resource.patient);
    if (!reference) throw new Fault('no reference to a patient');
    this.wait(referenceKey(reference), type, location);
  }

  private addPatient(resource: Json, location: Location, fullUrl: string | null): void {
    const patient: SourcePatient = { location, resources: [], group: new Set() };
    patient.group.add(patient);
    const numbers = patientIdentifiers(resource).map(({ system, value }) => `${system}|${value}`);
    const recordNumber = recordNumberOf(resource);
    if (recordNumber) numbers.push(normaliseMrn(recordNumber));
    const alike = numbers.map((number) => this.byIdentifier.get(number)).filter((known) => known !== undefined);
    const sameId = this.byKey.get(`Patient/${asText(resource.id)}`);
    if (!location.source.bundle && sameId && !alike.some(({ group }) => group.has(sameId))) {
      throw new Fault('another Patient here has the same id');
    }
    for (const known of alike) unite(patient, known);
    for (const number of numbers) if (!this.byIdentifier.has(number)) this.byIdentifier.set(number, patient);
    this.patients.push(patient);
    enter(this.byKey, keysOf(resource, fullUrl), location, patient);
  }

  private wait(key: string, type: ClinicalType, location: Location): void {
    const { source } = location;
    const name = source.bundle ? scoped(source, key) : key;
    const known = this.waiting.get(name);
    if (known) known.resources.push({ type, location });
    else this.waiting.set(name, { key, source, resources: [{ type, location }] });
  }
}

/** Within a Bundle a reference means the Bundle's own resource first; elsewhere the first one of that name. */
function enter<T>(map: Map<string, T>, keys: readonly string[], { source }: Location, value: T): void {
  for (const key of keys) {
    if (source.bundle) map.set(scoped(source, key), value);
    if (!map.has(key)) map.set(key, value);
  }
}

function unite(one: SourcePatient, other: SourcePatient): void {
  const { group } = other;
  for (const member of one.group) {
    group.add(member);
    member.group = group;
  }
}

function scoped({ path }: Source, key: string): string {
  return `${path}\n${key}`;
}

function isClinical(type: string): type is ClinicalType {
  return (clinicalTypes as readonly string[]).includes(type);
}
