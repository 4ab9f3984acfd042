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
  /** Id to start beyond; null for the leg's beginning. */
  from: string | null;
  descending: boolean;
  limit: number;
}

/**
 * What follows `SELECT … FROM patient t` for one leg. Rows come by id. The inner query is kept apart (OFFSET 0) so that the
 * planner always goes from the index to the patients, however common it believes a token to be.
 */
export function legSql(leg: Leg, look: Look, where: Conditions): { rest: string; values: unknown[] } {
  const values = [...where.values];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const group = (keys: Buffer[]) => anyTag(keys, parameter);

  const version = parameter(look.version);
  const source = leg.tokens
    ? `patient_search s WHERE s.generation = ${version}
         AND s.tokens && ${parameter(binaryArray('bytea', leg.tokens()))}::bytea[]`
    : `care_team_member m JOIN patient_search s ON s.generation = ${version} AND s.patient_id = m.patient_id
         WHERE m.user_id = ${parameter(look.memberId)}`;
  const tests = leg.having.map(group);
  if (leg.without.length > 0) tests.push(`NOT ${group(leg.without)}`);
  if (leg.notAll.length > 0) tests.push(`NOT (${leg.notAll.map(group).join(' AND ')})`);
  if (look.from) tests.push(`s.patient_id ${look.descending ? '<' : '>'} ${parameter(look.from)}`);
  const order = look.descending ? 'DESC' : 'ASC';
  const inner = `SELECT s.patient_id FROM ${[source, ...tests].join(' AND ')} ORDER BY s.patient_id ${order} OFFSET 0`;
  return {
    rest: `JOIN (${inner}) k ON k.patient_id = t.id WHERE ${where.text}
           ORDER BY k.patient_id ${order} LIMIT ${parameter(look.limit)}`,
    values,
  };
}

function anyTag(keys: Buffer[], parameter: (value: unknown) => string): string {
  if (keys.length === 1) return hasTag(`${parameter(keys[0])}::bytea`);
  const array = parameter(binaryArray('bytea', keys));
  return `EXISTS (SELECT 1 FROM unnest(${array}::bytea[]) AS g (key) WHERE ${hasTag('g.key')})`;
}
