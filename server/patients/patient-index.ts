import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { normaliseIdentifier, normaliseMrn } from '../crypto/normalise';
import { binaryArray } from '../database/binary-array';
import { privately } from '../database/sealed-column';
import { send } from '../database/transaction-runner';
import type { Patient } from './patient.entity';
import type { Generation } from './search/generation';
import type { Generations } from './search/generations';

/** Looking again and again for a list of generations that stands still has an end. */
const MOST_ATTEMPTS = 5;

/**
 * Writes how patients are found: one row per patient in every search generation there is. Nothing is stored in clear.
 * Searching is PatientSearch's matter.
 */
export class PatientIndex {
  constructor(
    private readonly base: Pick<Foundation, 'dataSource' | 'tokens'>,
    readonly generations: Generations,
  ) {}

  /** What makes record numbers unique; not what they are searched by. */
  mrnToken(mrn: string): Buffer {
    return this.base.tokens.token('mrn', normaliseMrn(mrn));
  }

  /** Token of an identifier for locks and for visits of other systems; not what patients are searched by. */
  identifierToken(system: string, value: string): Buffer {
    return this.base.tokens.token('identifier', normaliseIdentifier(system, value));
  }

  /**
   * Brings the rows of these patients to what they are found by now, in the transaction that wrote the patients, after it
   * did. A row that stays the same is not written. Opens what is indexed, privately.
   */
  async put(manager: EntityManager, patients: readonly Patient[]): Promise<void> {
    if (patients.length === 0) return;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const generations = await this.generations.live();
      if (await write(manager, generations, rowsOf(generations, patients), PUT)) return;
      this.generations.forget(); // one came or went since this process looked
    }
    throw new Error('Search generations come and go faster than a patient can be written.');
  }

  /** Writes rows of one generation where there are none yet: what a generation under construction is filled with. */
  async fill(manager: EntityManager, generation: Generation, patients: readonly Patient[]): Promise<void> {
    await write(manager, [generation], rowsOf([generation], patients), FILL);
  }

  /** Lets these patients be found by nothing any more. */
  async remove(manager: EntityManager, patientIds: readonly string[]): Promise<void> {
    await manager.query(
      `DELETE FROM patient_search
       WHERE generation IN (SELECT version FROM search_generation) AND patient_id = ANY($1::uuid[])`,
      [patientIds],
    );
  }

  /**
   * Ids of the patients that seem to have each of these identifiers, in order; deleted ones too. With an empty system, by
   * value alone. Seem: a hit is certain only once the record was opened.
   */
  async findByIdentifiers(
    identifiers: readonly { system: string; value: string }[],
    manager: EntityManager = this.base.dataSource.manager,
  ): Promise<string[][]> {
    const generation = await this.generations.active();
    const tokens = identifiers.map(({ system, value }) => {
      return generation.tokensOf({ cls: 'identifier', value: normaliseIdentifier(system, value) })[0];
    });
    const rows = await manager.query<{ place: number; patient_id: string }[]>(
      `SELECT k.place::int, s.patient_id FROM unnest($2::bytea[]) WITH ORDINALITY AS k (token, place)
       JOIN patient_search s ON s.generation = $1 AND s.tokens @> ARRAY[k.token] ORDER BY s.patient_id`,
      [generation.version, tokens],
    );
    const found: string[][] = identifiers.map(() => []);
    for (const { place, patient_id: id } of rows) found[place - 1]!.push(id);
    return found;
  }
}

interface Rows {
  versions: number[];
  ids: string[];
  tokens: Buffer[];
  tags: Buffer[];
  likenesses: Buffer[];
}

function rowsOf(generations: readonly Generation[], patients: readonly Patient[]): Rows {
  const rows: Rows = { versions: [], ids: [], tokens: [], tags: [], likenesses: [] };
  privately(() => {
    for (const generation of generations) {
      for (const patient of patients) {
        const { tokens, tags, likeness } = generation.rowOf(patient, patient.id);
        rows.versions.push(generation.version);
        rows.ids.push(patient.id);
        rows.tokens.push(tokens);
        rows.tags.push(tags);
        rows.likenesses.push(likeness);
      }
    }
  });
  return rows;
}

/** False when the generations are others by now and nothing was written. */
async function write(
  manager: EntityManager,
  generations: readonly Generation[],
  rows: Rows,
  statement: { name: string; text: string },
): Promise<boolean> {
  const { rows: answer } = await send<{ same: boolean | null }>(manager, statement, [
    binaryArray('integer', generations.map(({ version }) => version)),
    binaryArray('integer', rows.versions),
    binaryArray('uuid', rows.ids),
    binaryArray('bytea', rows.tokens),
    binaryArray('bytea', rows.tags),
    binaryArray('bytea', rows.likenesses),
  ]); // prettier-ignore
  return answer[0]?.same === true;
}

const insertRows = (same: string, onConflict: string) => `
  WITH known AS (SELECT ${same} AS same FROM search_generation),
  written AS (
    INSERT INTO patient_search AS s (generation, patient_id, tokens, tags, likeness)
    SELECT r.generation, r.patient_id,
      ARRAY(SELECT substring(r.tokens FROM n * 16 + 1 FOR 16) FROM generate_series(0, octet_length(r.tokens) / 16 - 1) AS n),
      r.tags, r.likeness
    FROM unnest($2::integer[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[])
      AS r (generation, patient_id, tokens, tags, likeness)
    CROSS JOIN known WHERE known.same
    ON CONFLICT (generation, patient_id) ${onConflict})
  SELECT same FROM known`;

/** Whether a generation came or went is asked in the very statement that writes, so that no patient can miss one. */
const PUT = {
  name: 'patient-search-put',
  text: insertRows(
    'array_agg(version ORDER BY version) = $1',
    `DO UPDATE SET tokens = excluded.tokens, tags = excluded.tags, likeness = excluded.likeness
     WHERE (s.tokens, s.tags, s.likeness) IS DISTINCT FROM (excluded.tokens, excluded.tags, excluded.likeness)`,
  ),
};

const FILL = {
  name: 'patient-search-fill',
  text: insertRows('coalesce(bool_or(version = ANY($1)), false)', 'DO NOTHING'),
};
