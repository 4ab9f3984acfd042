import type { Allergy, CreatePatientInput, Medication, Problem } from '../../patients';
import type { Vitals } from '../../visits';
import type { Catalogue, ClinicalType, SourcePatient } from './catalogue';
import { mapAllergy, mapCondition, mapMedication, type ListItem } from './clinical-mapper';
import { codingsOf, momentOf } from './datatypes';
import { mapEncounter, visitIdentifier, type MappedVisit } from './encounter-mapper';
import { Fault } from './fault';
import { asObject, objectsOf, type Json } from './json';
import { mapPatient } from './patient-mapper';
import { keysOf, referenceKey, referenceOf } from './references';
import type { Report } from './report';
import type { Entry, Location } from './sources';
import { mapVitals } from './vitals-mapper';

/** A visit as the sources tell it, with what other resources say about it. */
export interface VisitDraft {
  location: Location;
  identifier: { system: string; value: string };
  visit: MappedVisit;
  diagnoses: string[];
  measurements: { at: number; vitals: Partial<Vitals> }[];
}

/** Everything the sources tell of one patient, in our words and checked against our rules. */
export interface PatientRecord {
  location: Location;
  patient: CreatePatientInput;
  visits: VisitDraft[];
  problems: ListItem<Problem>[];
  allergies: ListItem<Allergy>[];
  medications: ListItem<Medication>[];
}

/**
 * Reads and maps all of one patient's resources. What cannot be taken over is reported and left out as a whole; null when
 * that is the patient itself.
 */
export async function readRecord(
  source: SourcePatient,
  catalogue: Catalogue,
  report: Report,
): Promise<PatientRecord | null> {
  const reading = new RecordReader(source, catalogue, report);
  return reading.read();
}

class RecordReader {
  private readonly visits = new Map<string, VisitDraft>();
  private readonly record: Omit<PatientRecord, 'patient' | 'visits'>;

  constructor(
    private readonly source: SourcePatient,
    private readonly catalogue: Catalogue,
    private readonly report: Report,
  ) {
    this.record = { location: source.location, problems: [], allergies: [], medications: [] };
  }

  async read(): Promise<PatientRecord | null> {
    const { location, resources } = this.source;
    const patient = await this.taking(location, async () => {
      const { resource } = await location.source.read(location);
      return mapPatient(resource, (reason) => this.report.fault(location, reason));
    });
    if (!patient) {
      if (resources.length > 0)
        this.report.fault(location, `so ${resources.length} resources of this patient were left out as well`);
      return null;
    }
    await this.each('Encounter', (entry, at) => this.addVisit(entry, at));
    await this.each('Condition', ({ resource }) => this.addProblem(resource));
    await this.each('AllergyIntolerance', ({ resource }) => this.add('allergies', mapAllergy(resource)));
    await this.each('MedicationRequest', ({ resource }, at) => this.addMedication(resource, at));
    await this.each('Observation', ({ resource }) => this.addMeasurement(resource));
    return { ...this.record, patient, visits: [...new Set(this.visits.values())] };
  }

  private async each(
    type: ClinicalType,
    take: (entry: Entry, location: Location) => void | Promise<void>,
  ): Promise<void> {
    for (const { type: found, location } of this.source.resources) {
      if (found !== type) continue;
      await this.taking(location, async () => take(await location.source.read(location), location));
    }
  }

  private async taking<T>(location: Location, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.report.fault(location, error.message);
      return null;
    }
  }

  private addVisit({ resource, fullUrl }: Entry, location: Location): void {
    const draft = {
      location,
      identifier: visitIdentifier(resource),
      visit: mapEncounter(resource),
      diagnoses: [],
      measurements: [],
    };
    for (const key of keysOf(resource, fullUrl)) this.visits.set(key, draft);
  }

  private addProblem(resource: Json): void {
    const item = mapCondition(resource);
    const visit = this.visitOf(resource);
    this.add('problems', item);
    const ofVisit = objectsOf(resource.category).some((category) =>
      codingsOf(category).some(({ code }) => code === 'encounter-diagnosis'),
    );
    if (ofVisit && item.value) visit?.diagnoses.push(item.value.text);
  }

  private async addMedication(resource: Json, location: Location): Promise<void> {
    const reference = referenceOf(resource.medicationReference);
    const medication = reference ? await this.medicationAt(reference, resource, location) : null;
    this.add('medications', mapMedication(resource, medication));
  }

  private async medicationAt(reference: string, resource: Json, { source }: Location): Promise<Json> {
    if (reference.startsWith('#')) {
      const contained = objectsOf(resource.contained).find(({ id }) => id === reference.slice(1));
      if (contained) return contained;
    }
    const place = this.catalogue.findMedication(source, reference);
    if (!place) throw new Fault('unknown reference to a medication');
    return (await place.source.read(place)).resource;
  }

  private addMeasurement(resource: Json): void {
    const vitals = mapVitals(resource);
    if (!vitals) return this.report.skip('Observation without a value');
    const visit = this.visitOf(resource);
    if (!visit) throw new Fault('no reference to an encounter, and measurements belong to a visit');
    const period = asObject(resource.effectivePeriod);
    const at =
      momentOf(resource.effectiveDateTime ?? resource.effectiveInstant ?? period?.start, 'effective')?.getTime() ?? 0;
    visit.measurements.push({ at, vitals });
    this.report.parts.measurements += Object.keys(vitals).length;
  }

  /** The visit a resource refers to, null when it refers to none. Throws Fault for one that this patient does not have. */
  private visitOf(resource: Json): VisitDraft | null {
    const reference = referenceOf(resource.encounter);
    if (!reference) return null;
    const visit = this.visits.get(referenceKey(reference));
    if (!visit) throw new Fault('unknown reference to an encounter');
    return visit;
  }

  private add<P extends 'problems' | 'allergies' | 'medications'>(part: P, item: PatientRecord[P][number]): void {
    (this.record[part] as ListItem<unknown>[]).push(item);
    this.report.parts[part] += 1;
  }
}

/** Measurements of a visit, the later of two of one kind. */
export function vitalsOf({ measurements }: VisitDraft): Vitals | undefined {
  if (measurements.length === 0) return undefined;
  const inOrder = [...measurements].sort((one, other) => one.at - other.at);
  return Object.assign({}, ...inOrder.map(({ vitals }) => vitals)) as Vitals;
}
