import type { EntityManager } from 'typeorm';
import { ClientScope } from '../access/client-scope';
import { badInput } from '../graphql/errors';
import type { CreateApiClientInput, UpdateApiClientInput } from './api-client.inputs';

/** What a client may do and use up. Sealed as a whole, so that nobody widens it behind the application. */
export interface Allowance {
  /** As `ClientScope.parse` reads them. */
  scopes: readonly string[];
  /** The only patients it may touch; null: all who are not confidential. */
  patients: readonly string[] | null;
  requestsPerMinute: number;
  costPerMinute: number;
  /** Its last change; none for one that is as it was registered. */
  edit?: { version: number; at: string; by: string | null };
}

const REQUESTS_PER_MINUTE = 600;
const COST_PER_MINUTE = 200_000;

type Asked = Omit<CreateApiClientInput, 'name' | 'publicKey'>;

/** What a new client may do and use up. Throws BAD_USER_INPUT for a scope there is not. */
export function allowanceOf({ scopes, patientIds, requestsPerMinute, costPerMinute }: Asked): Allowance {
  const patients = patientIds ? [...new Set(patientIds.map((id) => id.toLowerCase()))] : null;
  const scope = ClientScope.parse(scopes, patients);
  if (!scope) throw badInput('scopes', 'These are not all scopes; apiScopes lists them.');
  return {
    scopes: scope.toString().split(' '),
    patients,
    requestsPerMinute: requestsPerMinute ?? REQUESTS_PER_MINUTE,
    costPerMinute: costPerMinute ?? COST_PER_MINUTE,
  };
}

/** The same after a change: left out stays, and no list of patients any more is null. */
export function changedAllowance(now: Allowance, input: UpdateApiClientInput): Allowance {
  return allowanceOf({
    scopes: input.scopes ?? [...now.scopes],
    patientIds: input.patientIds === undefined ? now.patients && [...now.patients] : input.patientIds,
    requestsPerMinute: input.requestsPerMinute ?? now.requestsPerMinute,
    costPerMinute: input.costPerMinute ?? now.costPerMinute,
  });
}

/** Throws BAD_USER_INPUT when one of these is no patient. */
export async function demandPatients(manager: EntityManager, ids: readonly string[]): Promise<void> {
  const sql = 'SELECT count(*)::integer AS n FROM patient WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL';
  const [row] = await manager.query<{ n: number }[]>(sql, [ids]);
  if (row!.n !== ids.length) throw badInput('patientIds', 'Not all of these are patients.');
}
