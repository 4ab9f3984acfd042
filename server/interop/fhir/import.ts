import type { Hospital } from '../hospital';
import { inParallel } from '../../platform/in-parallel';
import { Catalogue } from './catalogue';
import { combineCopies } from './copies';
import { readRecord, type PatientRecord } from './patient-record';
import { RecordWriter } from './record-writer';
import { Report } from './report';
import { closeSources, findSources } from './sources';

/** Transactions at a time. */
const AT_A_TIME = 4;

export interface ImportProgress {
  /** Bytes of the sources gone through. */
  onReading?: (done: number, total: number) => void;
  /** Patients brought up to date. */
  onWriting?: (done: number, total: number) => void;
}

/**
 * Imports HL7 FHIR R4 resources from NDJSON files, Bundles and folders of both. The sources are gone through twice: first to
 * learn where each patient's resources stand, then patient by patient, each in a transaction of its own. So an import that
 * was cut short is completed by the next one, and one that finds everything as it is writes nothing.
 *
 * @throws ExitError (wrong usage) for a path that is not there
 */
export async function importFhir(
  hospital: Hospital,
  paths: readonly string[],
  progress: ImportProgress = {},
): Promise<Report> {
  const { onReading = () => undefined, onWriting = () => undefined } = progress;
  const report = new Report();
  const catalogue = new Catalogue(report);
  const sources = await findSources(paths);
  try {
    const total = sources.reduce((sum, { bytes }) => sum + bytes, 0);
    let read = 0;
    for (const source of sources) {
      await catalogue.scan(source);
      onReading((read += source.bytes), total);
    }
    catalogue.resolve();
    const writer = new RecordWriter(hospital, report);
    const groups = catalogue.groups();
    const patients = groups.reduce((sum, group) => sum + group.length, 0);
    let done = 0;
    await inParallel(AT_A_TIME, groups, async (group) => {
      const records: PatientRecord[] = [];
      for (const source of group) {
        const record = await readRecord(source, catalogue, report);
        if (record) records.push(record);
      }
      for (const record of combineCopies(records, report)) await writer.write(record);
      onWriting((done += group.length), patients);
    });
    return report;
  } finally {
    closeSources();
  }
}
