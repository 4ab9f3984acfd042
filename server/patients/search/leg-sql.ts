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
 * What follows `SELECT … FROM patient t` for legs that are walked in one statement. Rows come leg by leg, then by id. The inner
 * query is kept apart (OFFSET 0) so that the planner always goes from the index to the patients, however common it believes a
 * token to be.
 */
export function legsSql(legs: readonly Leg[], look: Look, where: Conditions): { rest: string; values: unknown[] } {
  const values = [...where.values];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const version = parameter(look.version);
  const order = look.descending ? 'DESC' : 'ASC';
  const inner = legs.map((leg, turn) => {
    const source = sourceOf(leg, { ...look, from: turn === 0 ? look.from : null }, version, parameter);
    return `SELECT s.patient_id, ${turn} AS turn FROM ${source}`;
  });
  return {
    rest: `JOIN (${inner.join(' UNION ALL ')} ORDER BY turn, patient_id ${order} OFFSET 0) k ON k.patient_id = t.id
           WHERE ${where.text} ORDER BY k.turn, k.patient_id ${order} LIMIT ${parameter(look.limit)}`,
    values,
  };
}

function sourceOf(leg: Leg, look: Look, version: string, parameter: (value: unknown) => string): string {
  const group = (keys: Buffer[]) => anyTag(keys, parameter);
  const source = leg.tokens
    ? `patient_search s WHERE s.generation = ${version}
         AND s.tokens && ${parameter(binaryArray('bytea', leg.tokens()))}::bytea[]`
    : `(${ownPatients(parameter(look.memberId))}) m JOIN patient_search s
         ON s.generation = ${version} AND s.patient_id = m.patient_id WHERE true`;
  const tests = leg.having.map(group);
  if (leg.without.length > 0) tests.push(`NOT ${group(leg.without)}`);
  if (leg.notAll.length > 0) tests.push(`NOT (${leg.notAll.map(group).join(' AND ')})`);
  if (look.from) tests.push(`s.patient_id ${look.descending ? '<' : '>'} ${parameter(look.from)}`);
  return [source, ...tests].join(' AND ');
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
