import { binaryArray } from '../../database/binary-array';
import { hasTag } from './generation';
import type { Leg } from './route';

/** What a list of patients demands besides the search. */
export interface Conditions {
  text: string;
  values: readonly unknown[];
}

export interface Look {
  version: number;
  /** Whose care team a leg without tokens goes through. */
  memberId: string | null;
  /** Id to start beyond on the first leg; null for its beginning. */
  from: string | null;
  descending: boolean;
  limit: number;
}

/**
 * What follows `SELECT … FROM` for legs that are walked in one statement; `t` is the patient, `k.turn` which of the legs. Rows
 * come leg by leg, then by id.
 */
export function legsSql(legs: readonly Leg[], look: Look, where: Conditions): { source: string; values: unknown[] } {
  const values = [...where.values];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const version = parameter(look.version);
  const found = legs.map((leg, turn) => {
    const rows = sourceOf(leg, { ...look, from: turn === 0 ? look.from : null }, version, parameter);
    return `SELECT s.patient_id, ${turn} AS turn FROM ${rows}`;
  });
  const { descending } = look;
  return {
    source: patientsOf(found, where.text, { descending, limit: parameter(look.limit) }),
    values,
  };
}

/**
 * SQL: the patients `t` of rows (`patient_id`, `turn`), found in turns, for whom a condition holds; turn by turn, then by id.
 *
 * PostgreSQL believes that each token is in half a percent of all rows, and an array of them soon in most: left to itself it
 * would read all of a large index, or of the care team, from end to end. So every step is kept apart (OFFSET 0) and taken by
 * itself: from a token to its rows, from a row to its patient, until there are enough. There is one way then, whatever the
 * values, and they stand in selects of their own: a plan that knows them looks cheaper, and would be made for each search anew.
 */
export function patientsOf(
  found: readonly string[],
  condition: string,
  { descending, limit }: { descending: boolean; limit: string },
): string {
  const order = `patient_id ${descending ? 'DESC' : 'ASC'}`;
  // of a constant turn PostgreSQL does not know that the rows are in order, and would fetch every patient to sort them again
  const [inner, outer] = found.length > 1 ? [`turn, ${order}`, `k.turn, k.${order}`] : [order, `k.${order}`];
  return `(${found.join(' UNION ALL ')} ORDER BY ${inner} OFFSET 0) k
    CROSS JOIN LATERAL (SELECT t.* FROM patient t WHERE t.id = k.patient_id AND ${condition} OFFSET 0) t
    ORDER BY ${outer} LIMIT (SELECT ${limit}::bigint)`;
}

/**
 * SQL: rows of a generation that have one of these tokens, as `s` with their patient's id.
 *
 * @param tests what more is demanded of a row `s`, beginning with AND
 */
export function rowsWithTokens(tokens: string, version: string, tests = ''): string {
  return `unnest((SELECT ${tokens}::bytea[])) AS l (token) CROSS JOIN LATERAL (SELECT s.patient_id FROM patient_search s
    WHERE s.generation = ${version} AND s.tokens @> ARRAY[l.token]${tests} OFFSET 0) s`;
}

function sourceOf(leg: Leg, look: Look, version: string, parameter: (value: unknown) => string): string {
  const group = (keys: Buffer[]) => anyTag(keys, parameter);
  const tests = leg.having.map(group);
  if (leg.without.length > 0) tests.push(`NOT ${group(leg.without)}`);
  if (leg.notAll.length > 0) tests.push(`NOT (${leg.notAll.map(group).join(' AND ')})`);
  if (look.from) tests.push(`s.patient_id ${look.descending ? '<' : '>'} ${parameter(look.from)}`);
  const further = tests.map((test) => ` AND ${test}`).join('');
  if (leg.tokens) return rowsWithTokens(parameter(binaryArray('bytea', leg.tokens())), version, further);
  return `(${ownPatients(parameter(look.memberId))}) m CROSS JOIN LATERAL (SELECT s.patient_id FROM patient_search s
    WHERE s.generation = ${version} AND s.patient_id = m.patient_id${further} OFFSET 0) s`;
}

/** Ids of the patients whose care team this user is on, or on whom they have broken the glass, each once. */
function ownPatients(userId: string): string {
  return `SELECT patient_id FROM care_team_now WHERE user_id = ${userId}
    UNION SELECT patient_id FROM break_glass_open WHERE user_id = ${userId}`;
}

function anyTag(keys: Buffer[], parameter: (value: unknown) => string): string {
  if (keys.length === 1) return hasTag(`${parameter(keys[0])}::bytea`);
  const array = parameter(binaryArray('bytea', keys));
  return `EXISTS (SELECT 1 FROM unnest(${array}::bytea[]) AS g (key) WHERE ${hasTag('g.key')})`;
}
