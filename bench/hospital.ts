import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Progress } from '../server/cli/progress';
import { processConfig } from '../server/config/environment';
import { runIn } from '../server/crypto/access-scope';
import { envelopesOf } from '../server/database/sealed-column';
import { Reader } from '../server/database/reader';
import { systemContext } from '../server/graphql/context';
import { addDemoPatients } from '../server/interop';
import { makeStory } from '../server/interop/demo/story';
import { CareTeamPlace, type Patient } from '../server/patients';
import { newId } from '../server/platform/ids';
import { silentLogger } from '../server/platform/logger';
import { openRuntime, type Runtime } from '../server/runtime';
import { Visit } from '../server/visits';
import { bareTables } from './bare/tables';
import { withOwner } from './owner';

/** What the load generator asks about. */
export interface Sample {
  doctor: { email: string; password: string };
  patients: string[];
  /** Beginnings of names there are, 3 to 5 letters. */
  nameParts: string[];
  /** Inputs of createPatient. */
  newcomers: Record<string, unknown>[];
}

const CHUNK = 500;
const NEWCOMERS = 200;

export function samplePath(dataDir: string): string {
  return join(dataDir, 'bench-sample.json');
}

export async function readSample(dataDir: string): Promise<Sample> {
  return JSON.parse(await readFile(samplePath(dataDir), 'utf8')) as Sample;
}

/**
 * Fills a new hospital through its own services: staff, patients, visits, and a doctor who cares for all of them. Then
 * copies patients and visits in clear to the tables of the bare server. Runs in a process of its own.
 */
async function fillHospital(patients: number): Promise<void> {
  const config = processConfig();
  const runtime = await openRuntime(config, { logger: silentLogger });
  try {
    const progress = new Progress('Loading patients');
    const accounts = await addDemoPatients(runtime, patients, (done, total) => progress.update(done, total));
    progress.finish();
    const { email, password } = accounts.find(({ role }) => role === 'DOCTOR')!;
    await careForAll(runtime, email);
    const known = await withOwner(config.dataDir, async (owner) => {
      const copied = await copyInClear(runtime, owner);
      await owner.query('ANALYZE');
      return copied;
    });
    const sample: Sample = { doctor: { email, password }, ...known, newcomers: newcomers(patients) };
    await writeFile(samplePath(config.dataDir), JSON.stringify(sample));
  } finally {
    await runtime.close();
  }
}

/** The bare server shows every patient to everyone; here the doctor is on every care team, so that both find the same. */
async function careForAll({ base, identity }: Runtime, email: string): Promise<void> {
  await runIn(systemContext('bench'), async () => {
    const doctor = (await identity.users.findByEmail(email))!;
    const rows = await base.dataSource.query<{ id: string }[]>(
      `SELECT id FROM patient p
       WHERE NOT EXISTS (SELECT FROM care_team_member m WHERE m.patient_id = p.id AND m.user_id = $1)`,
      [doctor.id],
    );
    const places = rows.map(({ id }) =>
      Object.assign(new CareTeamPlace(), { id: newId(), patientId: id, userId: doctor.id, since: base.clock.now() }),
    );
    for (let from = 0; from < places.length; from += CHUNK) {
      await base.dataSource.transaction((manager) => manager.insert(CareTeamPlace, places.slice(from, from + CHUNK)));
    }
  });
}

async function copyInClear(runtime: Runtime, owner: Pool): Promise<Pick<Sample, 'patients' | 'nameParts'>> {
  await owner.query(bareTables);
  const ids: string[] = [];
  const parts = new Set<string>();
  for (let last: string | null = null; ;) {
    const after: string | null = last;
    // A scope of its own for every chunk: it holds the keys of what is opened in it.
    const chunk = await runIn(systemContext('bench'), async () => {
      const rows = await runtime.services.patientRepository.select(
        'WHERE ($1::uuid IS NULL OR t.id > $1) ORDER BY t.id LIMIT $2',
        [after, CHUNK],
      );
      await insert(owner, 'patient', rows.map(clearPatient));
      for (const { name } of rows) [name.family, ...name.given].forEach((word) => parts.add(beginningOf(word)));
      return rows.map(({ id }) => id);
    });
    await runIn(systemContext('bench'), () => copyVisits(runtime, owner, chunk));
    ids.push(...chunk);
    if (chunk.length < CHUNK) break;
    last = chunk.at(-1)!;
  }
  return { patients: ids, nameParts: [...parts].filter((part) => part !== '') };
}

async function copyVisits({ dataSource, base }: Runtime, owner: Pool, patients: string[]): Promise<void> {
  const rows = await new Reader(dataSource, Visit).many('WHERE t.patient_id = ANY($1::uuid[])', [patients]);
  await base.keyring.hold(envelopesOf(rows));
  await insert(owner, 'visit', rows.map(clearVisit));
}

/** Rows as JSON whose members are named like the columns. */
async function insert(pool: Pool, table: string, rows: object[]): Promise<void> {
  await pool.query(`INSERT INTO bare.${table} SELECT * FROM jsonb_populate_recordset(NULL::bare.${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}

function clearPatient(patient: Patient) {
  return {
    id: patient.id,
    mrn: patient.mrn,
    name: patient.name,
    birth_date: patient.birthDate,
    gender: patient.gender,
    phone: patient.phone,
    email: patient.email,
    address: patient.address,
    emergency_contact: patient.emergencyContact,
    identifiers: patient.identifiers ?? [],
    allergies: patient.allergies ?? [],
    problems: patient.problems ?? [],
    medications: patient.medications ?? [],
    diagnosis: patient.diagnosis,
    medical_history: patient.medicalHistory,
    deceased_at: patient.deceased,
    version: patient.version,
    created_at: patient.createdAt,
    updated_at: patient.updatedAt,
  };
}

function clearVisit(visit: Visit) {
  return {
    id: visit.id,
    patient_id: visit.patientId,
    type: visit.type,
    status: visit.status,
    started_at: visit.startedAt,
    ended_at: visit.endedAt,
    reason: visit.reason,
    notes: visit.notes,
    diagnosis: visit.diagnosis,
    vitals: visit.vitals,
    version: visit.version,
    created_at: visit.createdAt,
    updated_at: visit.updatedAt,
  };
}

/** New people as a registration desk writes them down: all that is asked there, the clinical picture in short. */
function newcomers(known: number): Record<string, unknown>[] {
  return Array.from({ length: NEWCOMERS }, (_, step) => {
    const { name, birthDate, gender, phone, email, address, emergencyContact, diagnosis, medicalHistory } = makeStory(
      known + 1 + step,
      new Date(),
    ).patient;
    return { name, birthDate, gender, phone, email, address, emergencyContact, diagnosis, medicalHistory };
  });
}

/** The first 3 to 5 letters; nothing for a name with accents or hyphens, which the bare server does not find without them. */
function beginningOf(word: string): string {
  return /^[A-Za-z]+$/.test(word) ? word.slice(0, 3 + (word.length % 3)).toLowerCase() : '';
}

if (require.main === module) void fillHospital(Number(process.argv[2]));
