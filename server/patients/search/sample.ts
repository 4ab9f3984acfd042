import type { DataSource } from 'typeorm';
import { KeyUnavailableError } from '../../crypto/errors';
import { privately } from '../../database/sealed-column';
import type { PatientRepository } from '../patient.repository';
import { countedTerms, type Generation } from './generation';
import { PlanCount, type Plan } from './plan';
import { prefixLengths } from './terms';

/** Patients opened to learn how common names are; more would cost time and memory, and change little. */
export const SAMPLED_AT_MOST = 20_000;
const OPENED_AT_ONCE = 200;

/** A plan for a new generation, from a random sample of the patients there are. Runs in the caller's access scope. */
export async function samplePlan(
  { dataSource, patients }: { dataSource: DataSource; patients: PatientRepository },
  draft: Generation,
  options: { prefixes: boolean; people: number; atMost?: number },
): Promise<Plan> {
  const { prefixes, people, atMost = SAMPLED_AT_MOST } = options;
  const share = people > atMost ? (100 * atMost) / people : 100;
  const rows = await dataSource.query<{ id: string }[]>(
    'SELECT id FROM patient TABLESAMPLE SYSTEM ($1) LIMIT $2',
    [share, atMost],
  ); // prettier-ignore
  const count = new PlanCount();
  for (let from = 0; from < rows.length; from += OPENED_AT_ONCE) {
    const ids = rows.slice(from, from + OPENED_AT_ONCE).map(({ id }) => id);
    for (const patient of await patients.select('WHERE t.id = ANY($1::uuid[])', [ids])) {
      const terms = readable(() => privately(() => countedTerms(draft.keys, patient, prefixLengths(prefixes))));
      if (terms) count.add(terms);
    }
  }
  return count.plan(prefixes, people);
}

/** Null for an erased patient, of whom nothing can be opened any more. */
export function readable<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof KeyUnavailableError) return null;
    throw error;
  }
}
