import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { IntegrityError } from '../../crypto/errors';
import { privately } from '../../database/sealed-column';
import type { Patient } from '../patient.entity';
import type { PatientRepository } from '../patient.repository';
import type { Generation, SearchRow } from './generation';
import { TOKEN_BYTES } from './generation-keys';
import type { Generations } from './generations';
import { readable } from './sample';

/** A row by which a patient is searched that is not what the record says it should be. */
export interface TokenFinding {
  table: 'patient_search';
  patientId: string;
  /** Gone; other than what the record gives; of nobody, or of somebody erased; or the record itself does not open. */
  fault: 'missing' | 'changed' | 'unknown' | 'unreadable';
  /** How far it differs: tokens that should be there and are not, and the other way round. */
  detail: string | null;
}

export interface VerifyTokensOptions {
  onProgress?: (done: number, total: number) => void;
  /** Told of each finding at once: there may be as many as patients. */
  onFinding: (finding: TokenFinding) => void;
}

const BATCH = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Opens every record, derives its search tokens anew and compares them with the row that stands there: finds rows deleted,
 * swapped, out of date or planted behind the application. Each batch is one moment of the database, so that people may go on
 * working. Memory does not grow with the patients. Runs in the caller's access scope; opens privately.
 */
export async function verifyTokens(
  deps: { base: Foundation; patients: PatientRepository; generations: Generations },
  { onProgress, onFinding }: VerifyTokensOptions,
): Promise<{ checked: number; wrong: number }> {
  const { dataSource } = deps.base;
  const [row] = await dataSource.query<{ people: number }[]>('SELECT count(*)::int AS people FROM patient');
  const counted = { checked: 0, wrong: 0 };
  const tell = (finding: TokenFinding) => {
    counted.wrong += 1;
    onFinding(finding);
  };
  for (const idsAfter of [patientsAfter, ownerlessAfter]) {
    for (let after = FIRST; ;) {
      const ids = await dataSource.transaction('REPEATABLE READ', async (manager) => {
        const generation = await activeAsOf(manager, deps.generations);
        const batch = await idsAfter(manager, generation.version, after);
        for (const finding of await compare(deps.patients, manager, generation, batch)) tell(finding);
        return batch;
      });
      if (idsAfter === patientsAfter) onProgress?.((counted.checked += ids.length), row!.people);
      if (ids.length < BATCH) break;
      after = ids.at(-1)!;
    }
  }
  return counted;
}

/** The generation searched as of the transaction: while this runs, another may take its place. */
async function activeAsOf(manager: EntityManager, generations: Generations): Promise<Generation> {
  const [row] = await manager.query<{ version: number }[]>(
    "SELECT version FROM search_generation WHERE state = 'active'",
  );
  let known = row ? await generations.find(row.version) : null;
  if (row && !known) {
    generations.forget(); // it came after this process looked
    known = await generations.find(row.version);
  }
  if (!known) throw new Error('The search generation was dropped meanwhile; verify again.');
  return known.generation;
}

async function patientsAfter(manager: EntityManager, _version: number, after: string): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>('SELECT id FROM patient WHERE id > $1 ORDER BY id LIMIT $2', [
    after,
    BATCH,
  ]);
  return rows.map(({ id }) => id);
}

async function ownerlessAfter(manager: EntityManager, version: number, after: string): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT s.patient_id AS id FROM patient_search s LEFT JOIN patient p ON p.id = s.patient_id
     WHERE s.generation = $1 AND s.patient_id > $2 AND p.id IS NULL ORDER BY s.patient_id LIMIT $3`,
    [version, after, BATCH],
  );
  return rows.map(({ id }) => id);
}

type FoundRow = Omit<SearchRow, 'likeness'> & { likeness: Buffer | null };

interface StoredRow {
  id: string;
  tokens: Buffer[];
  tags: Buffer;
  likeness: Buffer | null;
}

async function compare(
  repository: PatientRepository,
  manager: EntityManager,
  generation: Generation,
  ids: string[],
): Promise<TokenFinding[]> {
  const patients = new Map(
    (await repository.select('WHERE t.id = ANY($1::uuid[])', [ids], manager)).map((patient) => [patient.id, patient]),
  );
  const rows = await manager.query<StoredRow[]>(
    `SELECT patient_id AS id, tokens, tags, likeness FROM patient_search WHERE generation = $1 AND patient_id = ANY($2::uuid[])`,
    [generation.version, ids],
  );
  const stored = new Map(rows.map(({ id, tokens, ...row }) => [id, { tokens: Buffer.concat(tokens), ...row }]));
  const erased = await manager.query<{ id: string }[]>('SELECT id FROM erasure WHERE id = ANY($1::uuid[])', [ids]);
  const gone = new Set(erased.map(({ id }) => id));
  return ids.flatMap((patientId) => {
    const patient = gone.has(patientId) ? undefined : patients.get(patientId);
    const fault = faultOf(generation, patient, stored.get(patientId));
    return fault ? [{ table: 'patient_search' as const, patientId, ...fault }] : [];
  });
}

function faultOf(
  generation: Generation,
  patient: Patient | undefined,
  found: FoundRow | undefined,
): Pick<TokenFinding, 'fault' | 'detail'> | null {
  if (!patient) return found ? { fault: 'unknown', detail: null } : null;
  const wanted = wantedRow(generation, patient);
  if (!wanted) return { fault: 'unreadable', detail: null };
  if (!found) return { fault: 'missing', detail: null };
  // null: written before rows told of likenesses; the index is made anew for those
  const likeness = found.likeness === null || wanted.likeness.equals(found.likeness);
  if (likeness && wanted.tokens.equals(found.tokens) && wanted.tags.equals(found.tags)) return null;
  return { fault: 'changed', detail: difference(wanted.tokens, found.tokens) };
}

function wantedRow(generation: Generation, patient: Patient): SearchRow | null {
  try {
    return readable(() => privately(() => generation.rowOf(patient, patient.id)));
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}

function difference(wanted: Buffer, found: Buffer): string {
  const [should, are] = [wanted, found].map((tokens) => new Set(tokensOf(tokens)));
  const missing = [...should!].filter((token) => !are!.has(token)).length;
  const added = [...are!].filter((token) => !should!.has(token)).length;
  return missing + added === 0 ? 'tags only' : `${missing} tokens missing, ${added} that do not belong there`;
}

function tokensOf(tokens: Buffer): string[] {
  return Array.from({ length: tokens.length / TOKEN_BYTES }, (_, place) =>
    tokens.toString('latin1', place * TOKEN_BYTES, (place + 1) * TOKEN_BYTES),
  );
}
