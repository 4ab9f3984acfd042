import type { EntityManager } from 'typeorm';
import { runIn } from '../../crypto/access-scope';
import { uniqueViolation } from '../../database/postgres-errors';
import { beforeChanges } from '../../database/update-row';
import { envelopesOf, privately } from '../../database/sealed-column';
import { systemContext, type RequestContext } from '../../graphql/context';
import { ChartsealError } from '../../graphql/errors';
import { notMerged, type CreatePatientInput, type Patient } from '../../patients';
import { Visit, type NewVisit } from '../../visits';
import type { Hospital } from '../hospital';
import { allergyKey, medicationKey, problemKey } from './clinical-mapper';
import { isSomebodyElse, NUMBER_GIVEN_TWICE, shareIdentifier } from './copies';
import { Fault } from './fault';
import { LONGEST_LIST, medicationRank, mergeIdentifiers, mergeList, problemRank } from './lists';
import { vitalsOf, type PatientRecord, type VisitDraft } from './patient-record';
import type { Change, Report } from './report';

/** Writes one patient with visits and lists in one transaction: all of it is there, or nothing. */
export class RecordWriter {
  constructor(
    private readonly hospital: Hospital,
    private readonly report: Report,
  ) {}

  /** Brings the hospital's record to what the sources tell; what is the same already is not written. */
  async write(record: PatientRecord): Promise<void> {
    const context = systemContext('import fhir');
    const visits: Change[] = [];
    try {
      const patient = await runIn(context, () =>
        this.hospital.base.dataSource.transaction(async (manager) => {
          const { patient, change } = await this.writePatient(context, manager, record);
          visits.push(...(await this.writeVisits(context, manager, patient, record.visits)));
          return change;
        }),
      );
      this.report.patients[patient] += 1;
      for (const change of visits) this.report.visits[change] += 1;
    } catch (error) {
      this.report.fault(record.location, reasonOf(error));
    }
  }

  private async writePatient(
    context: RequestContext,
    manager: EntityManager,
    record: PatientRecord,
  ): Promise<{ patient: Patient; change: Change }> {
    const { patients } = this.hospital.services;
    const known = await this.find(context, manager, record.patient);
    const lists = this.listsOf(known, record);
    if (known) {
      const { mrn: _ours, identifiers, ...told } = record.patient; // the number given here stays
      const merged = mergeIdentifiers(privately(() => known.identifiers) ?? [], identifiers ?? []);
      const changed = await patients.revise(context, manager, known, { ...told, ...lists, identifiers: merged });
      return { patient: known, change: changed ? 'changed' : 'unchanged' };
    }
    await this.demandFreeRecordNumber(manager, record.patient.mrn);
    return { patient: await patients.register(context, manager, { ...record.patient, ...lists }), change: 'new' };
  }

  /**
   * The patient known by one of these identifiers, locked. Two imports of the same patient wait for each other here. Throws
   * Fault when the identifiers name a deleted patient, several patients, or plainly somebody else.
   */
  private async find(
    context: RequestContext,
    manager: EntityManager,
    told: CreatePatientInput,
  ): Promise<Patient | null> {
    const { patientIndex, patientRepository } = this.hospital.services;
    const identifiers = told.identifiers ?? [];
    const tokens = identifiers.map(({ system, value }) => patientIndex.identifierToken(system, value));
    await manager.query('SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest($1::bigint[]) AS key ORDER BY 1) keys', [
      tokens.map((token) => token.readBigInt64BE().toString()),
    ]);
    const seeming = new Set((await patientIndex.findByIdentifiers(identifiers, manager)).flat());
    const rows = await manager.query<{ id: string; deleted: boolean }[]>(
      `SELECT p.id, p.deleted_at IS NOT NULL AS deleted FROM patient p
       WHERE p.id = ANY($1::uuid[]) AND ${notMerged('p.id')} ORDER BY p.id`,
      [[...seeming]],
    );
    if (rows.some(({ deleted }) => deleted)) throw new Fault('this patient was deleted here');
    const found: Patient[] = [];
    for (const { id } of rows) {
      const patient = await patientRepository.lock(context, manager, id, 'PATIENT_WRITE');
      if (privately(() => shareIdentifier(patient.identifiers, identifiers))) found.push(patient);
    }
    if (found.length > 1) throw new Fault('its identifiers belong to several patients here');
    const [patient] = found;
    if (patient && privately(() => isSomebodyElse(patient, told))) {
      throw new Fault(NUMBER_GIVEN_TWICE);
    }
    return patient ?? null;
  }

  private async demandFreeRecordNumber(manager: EntityManager, mrn: string | null | undefined): Promise<void> {
    if (!mrn) return;
    const token = this.hospital.services.patientIndex.mrnToken(mrn);
    const taken = await manager.query<unknown[]>('SELECT 1 FROM patient WHERE mrn_token = $1', [token]);
    if (taken.length > 0) throw new Fault(RECORD_NUMBER_TAKEN);
  }

  private listsOf(
    known: Patient | null,
    record: PatientRecord,
  ): Pick<CreatePatientInput, 'problems' | 'allergies' | 'medications'> {
    const existing = privately(() => ({
      problems: known?.problems ?? [],
      allergies: known?.allergies ?? [],
      medications: known?.medications ?? [],
    }));
    const onOverflow = () =>
      this.report.fault(record.location, `more than ${LONGEST_LIST} items in a list; the least current were left out`);
    return {
      problems: mergeList(existing.problems, record.problems, { keyOf: problemKey, rank: problemRank, onOverflow }),
      allergies: mergeList(existing.allergies, record.allergies, { keyOf: allergyKey, rank: () => 0, onOverflow }),
      medications: mergeList(existing.medications, record.medications, {
        keyOf: medicationKey,
        rank: medicationRank,
        onOverflow,
      }),
    };
  }

  private async writeVisits(
    context: RequestContext,
    manager: EntityManager,
    patient: Patient,
    drafts: VisitDraft[],
  ): Promise<Change[]> {
    const { patientIndex, visits } = this.hospital.services;
    const byToken = new Map<string, VisitDraft>();
    for (const draft of drafts) {
      byToken.set(patientIndex.identifierToken(draft.identifier.system, draft.identifier.value).toString('hex'), draft);
    }
    const known = await this.knownVisits(manager, [...byToken.keys()]);
    const changes: Change[] = [];
    const fresh: NewVisit[] = [];
    for (const [token, draft] of byToken) {
      const visit = known.get(token);
      const told = { ...draft.visit, vitals: vitalsOf(draft), diagnosis: diagnosisOf(draft) };
      if (!visit) fresh.push({ ...told, patientId: patient.id, sourceToken: Buffer.from(token, 'hex') });
      else if (visit.patientId !== patient.id)
        this.report.fault(draft.location, 'this encounter belongs to another patient here');
      else {
        const held = privately(() => ({ vitals: visit.vitals, diagnosis: visit.diagnosis }));
        const vitals = told.vitals && { ...held.vitals, ...told.vitals };
        const diagnosis = held.diagnosis === null ? told.diagnosis : undefined; // what was diagnosed here stays
        changes.push(
          (await visits.revise(context, manager, visit, { ...told, vitals, diagnosis })) ? 'changed' : 'unchanged',
        );
      }
    }
    await visits.insertAll(context, manager, fresh);
    return [...changes, ...fresh.map((): Change => 'new')];
  }

  /** Visits of these source tokens by token, their keys at hand. */
  private async knownVisits(manager: EntityManager, tokens: string[]): Promise<Map<string, Visit>> {
    const rows = await manager
      .createQueryBuilder(Visit, 'v')
      .where('v.sourceToken = ANY(:tokens::bytea[])', { tokens: tokens.map((token) => Buffer.from(token, 'hex')) })
      .getMany();
    await this.hospital.base.keyring.hold(envelopesOf(rows));
    return new Map(rows.map((visit) => [visit.sourceToken!.toString('hex'), beforeChanges(visit)]));
  }
}

const RECORD_NUMBER_TAKEN = 'its record number belongs to another patient here';
const LONGEST_DIAGNOSIS = 20_000;

function diagnosisOf({ diagnoses }: VisitDraft): string | undefined {
  return [...new Set(diagnoses)].sort().join('; ').slice(0, LONGEST_DIAGNOSIS) || undefined;
}

/** Why a patient was refused. Anything but a refusal is no fault of the source and ends the import. */
function reasonOf(error: unknown): string {
  if (error instanceof Fault) return error.message;
  if (uniqueViolation(error) === 'patient_mrn_unique') return RECORD_NUMBER_TAKEN;
  if (uniqueViolation(error) === 'visit_source_unique') return 'one of its encounters belongs to another patient here';
  if (error instanceof ChartsealError && error.code === 'BAD_USER_INPUT') {
    const { fields = [] } = error.extensions as { fields?: { path: string; message: string }[] };
    return fields.map(({ path, message }) => `${path}: ${message}`).join('; ') || error.message;
  }
  throw error;
}
