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
  /** Whose care team legs through a team go through. */
  memberId: string | null;
  /** Id to start beyond on the first leg; null for its beginning. */
  from: string | null;
  descending: boolean;
  limit: number;
}

/** A leg and which of the legs of its statement it is. */
interface Turn {
  leg: Leg;
  turn: number;
}

/** Keys tested one by one; more are an array's, so that the number of prepared statements is bounded. */
const FEW_KEYS = 3;

type Parameter = (value: unknown) => string;

/**
 * What follows `SELECT … FROM` for legs that are walked in one statement; `t` is the patient, `k.turn` which of the legs. Rows
 * come leg by leg, then by id.
 */
export function legsSql(legs: readonly Leg[], look: Look, where: Conditions): { source: string; values: unknown[] } {
  const values = [...where.values];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const version = parameter(look.version);
  const found = throughTheSame(legs).map(
    (turns) => `SELECT s.patient_id, s.turn FROM ${sourceOf(turns, look, version, parameter)} WHERE s.turn IS NOT NULL`,
  );
  const { descending } = look;
  return {
    source: patientsOf(found, where.text, { turns: legs.length, descending, limit: parameter(look.limit) }),
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
  { turns, descending, limit }: { turns: number; descending: boolean; limit: string },
): string {
  const order = `patient_id ${descending ? 'DESC' : 'ASC'}`;
  // of a constant turn PostgreSQL does not know that the rows are in order, and would fetch every patient to sort them again
  const [inner, outer] = turns > 1 ? [`turn, ${order}`, `k.turn, k.${order}`] : [order, `k.${order}`];
  return `(${found.join(' UNION ALL ')} ORDER BY ${inner} OFFSET 0) k
    CROSS JOIN LATERAL (SELECT t.* FROM patient t WHERE t.id = k.patient_id AND ${condition} OFFSET 0) t
    ORDER BY ${outer} LIMIT (SELECT ${limit}::bigint)`;
}

/**
 * SQL: rows `s` of a generation that have one of these tokens.
 *
 * @param columns what is wanted of a row `s`
 */
export function rowsWithTokens(tokens: string, version: string, columns = 's.patient_id'): string {
  return `unnest((SELECT ${tokens}::bytea[])) AS l (token) CROSS JOIN LATERAL (SELECT ${columns} FROM patient_search s
    WHERE s.generation = ${version} AND s.tokens @> ARRAY[l.token] OFFSET 0) s`;
}

/** Legs that go through the same rows, together. */
function throughTheSame(legs: readonly Leg[]): Turn[][] {
  const groups: Turn[][] = [];
  for (const [turn, leg] of legs.entries()) {
    const last = groups.at(-1);
    if (last?.[0]!.leg.rows === leg.rows) last.push({ leg, turn });
    else groups.push([{ leg, turn }]);
  }
  return groups;
}

/** Rows `s` with `turn`, null where a row belongs to none of the legs. */
function sourceOf(turns: readonly Turn[], look: Look, version: string, parameter: Parameter): string {
  const { rows } = turns[0]!.leg;
  const columns = `s.patient_id, ${turnOf(turns, look, parameter)} AS turn`;
  if (rows.kind === 'tokens') return rowsWithTokens(parameter(binaryArray('bytea', rows.tokens())), version, columns);
  if (rows.kind === 'team')
    return `(${ownPatients(parameter(look.memberId))}) m CROSS JOIN LATERAL (SELECT ${columns} FROM patient_search s
      WHERE s.generation = ${version} AND s.patient_id = m.patient_id OFFSET 0) s`;
  const { tokens, also } = rows;
  const others = 'tokens' in also ? also.tokens() : [];
  const both = [tokens(), others].map((all) => parameter(binaryArray('bytea', all)));
  const tagged = 'tagKeys' in also ? ` WHERE ${anyTag(also.tagKeys, parameter)}` : '';
  return `(SELECT ${columns} FROM search_swept(${[version, ...both].join(', ')}) s${tagged} OFFSET 0) s`;
}

/** On which of the legs a row `s` stands; each row stands on one at most. */
function turnOf(turns: readonly Turn[], look: Look, parameter: Parameter): string {
  const cases = turns.map(({ leg, turn }) => {
    const group = (keys: Buffer[]) => anyTag(keys, parameter);
    const tests = leg.having.map(group);
    if (leg.without.length > 0) tests.push(`NOT ${group(leg.without)}`);
    if (leg.notAll.length > 0) tests.push(`NOT (${leg.notAll.map(group).join(' AND ')})`);
    if (turn === 0 && look.from) tests.push(`s.patient_id ${look.descending ? '<' : '>'} ${parameter(look.from)}`);
    return `WHEN ${tests.join(' AND ') || 'true'} THEN ${turn}`;
  });
  return `CASE ${cases.join(' ')} END`;
}

/** Ids of the patients whose care team this user is on, or on whom they have broken the glass, each once. */
function ownPatients(userId: string): string {
  return `SELECT patient_id FROM care_team_now WHERE user_id = ${userId}
    UNION SELECT patient_id FROM break_glass_open WHERE user_id = ${userId}`;
}

function anyTag(keys: Buffer[], parameter: Parameter): string {
  if (keys.length === 0) return 'false';
  if (keys.length <= FEW_KEYS) return `(${keys.map((key) => hasTag(`${parameter(key)}::bytea`)).join(' OR ')})`;
  const array = parameter(binaryArray('bytea', keys));
  return `EXISTS (SELECT 1 FROM unnest(${array}::bytea[]) AS g (key) WHERE ${hasTag('g.key')})`;
}
