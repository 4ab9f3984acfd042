import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Progress } from '../server/cli/progress';
import { processConfig } from '../server/config/environment';
import { runIn } from '../server/crypto/access-scope';
import { privately } from '../server/database/sealed-column';
import { poolOf } from '../server/database/reader';
import { systemContext } from '../server/graphql/context';
import { addDemoPatients } from '../server/interop';
import { Chance } from '../server/interop/demo/chance';
import { makePerson } from '../server/interop/demo/people';
import { silentLogger } from '../server/platform/logger';
import { openRuntime, type Runtime } from '../server/runtime';
import { bareTables } from './bare/tables';
import { withOwner } from './owner';
import type { Known, SearchSample } from './search-cases';

/** Patients that are asked for. */
const ASKED_FOR = 150;
const CHUNK = 1_000;

/** Index for the beginnings of family names, so that the bare server reads its page off it. */
const FAMILY_INDEX = `CREATE INDEX patient_family_idx ON bare.patient (lower(name ->> 'family') text_pattern_ops, id)`;

export async function readSearchSample(dataDir: string): Promise<SearchSample> {
  return JSON.parse(await readFile(samplePath(dataDir), 'utf8')) as SearchSample;
}

function samplePath(dataDir: string): string {
  return join(dataDir, 'bench-search.json');
}

/** Grows the hospital, and the bare server's copy in clear, to this many patients. Runs in a process of its own. */
async function grow(size: number): Promise<void> {
  const config = processConfig();
  const runtime = await openRuntime(config, { logger: silentLogger });
  try {
    const pool = poolOf(runtime.dataSource);
    const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM patient');
    const missing = Math.max(0, size - rows[0]!.n);
    const progress = new Progress(`Growing to ${size} patients`);
    const accounts = await addDemoPatients(runtime, missing, (done, total) => progress.update(done, total));
    progress.finish();
    await runtime.services.searchUpkeep.lookAfter({ graceMs: 0 }); // else the server would, while it is measured
    await withOwner(config.dataDir, async (owner) => {
      await growBare(owner, size);
      await owner.query('ANALYZE');
    });
    const { email, password } = accounts.find(({ role }) => role === 'DOCTOR')!;
    const sample = { patients: size, doctor: { email, password }, ...(await pickKnown(runtime, pool, size)) };
    await writeFile(samplePath(config.dataDir), JSON.stringify(sample satisfies SearchSample));
  } finally {
    await runtime.close();
  }
}

/** The people of the same numbers in clear, as much of them as a search shows. */
async function growBare(pool: Pool, size: number): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>("SELECT to_regclass('bare.patient') IS NOT NULL AS there");
  if (!rows[0]!.there) await pool.query(`${bareTables}; DROP INDEX bare.patient_name_idx; ${FAMILY_INDEX}`);
  const known = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM bare.patient');
  const today = new Date();
  for (let first = known.rows[0]!.n + 1; first <= size; first += CHUNK) {
    const people = Array.from({ length: Math.min(CHUNK, size - first + 1) }, (_, step) => {
      const number = first + step;
      return { mrn: `B${number}`, ...makePerson(new Chance(number), number, today) };
    });
    await pool.query(
      `INSERT INTO bare.patient (id, mrn, name, birth_date, gender, identifiers, allergies, problems, medications, version,
         created_at, updated_at)
       SELECT gen_random_uuid(), mrn, name, born, gender, '[]', '[]', '[]', '[]', 1, now(), now()
       FROM unnest($1::text[], $2::jsonb[], $3::date[], $4::text[]) AS people (mrn, name, born, gender)`,
      [
        people.map(({ mrn }) => mrn),
        people.map(({ name }) => JSON.stringify(name)),
        people.map(({ birthDate }) => birthDate),
        people.map(({ gender }) => gender),
      ],
    );
  }
}

/** Patients from everywhere in the hospital whom its doctor cares for. */
async function pickKnown(
  { services, base }: Runtime,
  pool: Pool,
  size: number,
): Promise<Pick<SearchSample, 'known' | 'middle'>> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT p.id FROM patient p TABLESAMPLE BERNOULLI ($1)
     JOIN care_team_member m ON m.patient_id = p.id JOIN app_user u ON u.id = m.user_id AND u.role = 'DOCTOR'
     WHERE p.deleted_at IS NULL ORDER BY p.id`,
    [Math.min(100, (100 * 4 * ASKED_FOR) / size)],
  );
  const ids = rows.map(({ id }) => id);
  const asked = ids.filter((_, place) => place % Math.ceil(ids.length / ASKED_FOR) === 0);
  const known = await runIn(systemContext('bench'), async () => {
    const patients = await services.patientRepository.select('WHERE t.id = ANY($1::uuid[])', [asked]);
    return privately(() =>
      patients.map(({ name, birthDate, mrn, identifiers, phone, email }): Known => ({
        family: name.family,
        given: name.given,
        birthDate,
        mrn,
        identifier: identifiers?.[0]?.value ?? null,
        phone,
        email,
      })),
    );
  });
  return { known, middle: base.cursors.encode('patients', [ids[Math.floor(ids.length / 2)]!]) };
}

if (require.main === module) void grow(Number(process.argv[2]));
