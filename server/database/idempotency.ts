import type { EntityManager } from 'typeorm';
import type { TokenKeys } from '../crypto/tokens';
import { ChartsealError } from '../graphql/errors';
import { send } from './transaction-runner';

export interface IdempotentRequest {
  /** Who asks; the same key of another caller is another key. */
  caller: string | null;
  operation: string;
  /** The caller's key; null when none was given, and then every call writes. */
  key: string | null | undefined;
  input: unknown;
  /** Id of the row this call would make. */
  resultId: string;
}

const CLAIM = {
  name: 'claim-idempotency-key',
  text: 'INSERT INTO idempotency_key (token, request_hash, result_id) VALUES ($1, $2, $3) ON CONFLICT (token) DO NOTHING',
};

/**
 * Claims an idempotency key inside the transaction that does the work. Returns null when the work is to be done now, or
 * the id of what an earlier call with this key made. A second call at the same moment waits for the first to end. Throws
 * CONFLICT when the key was used for something else.
 */
export async function claimOnce(
  manager: EntityManager,
  tokens: TokenKeys,
  request: IdempotentRequest,
): Promise<string | null> {
  if (!request.key) return null;
  const token = tokens.token('idempotency', `key|${request.caller}|${request.operation}|${request.key}`);
  const requestHash = tokens.token('idempotency', `request|${JSON.stringify(request.input)}`);
  const { rowCount: claimed } = await send(manager, CLAIM, [token, requestHash, request.resultId]);
  if (claimed) return null;
  const [earlier] = await manager.query<{ request_hash: Buffer; result_id: string }[]>(
    'SELECT request_hash, result_id FROM idempotency_key WHERE token = $1',
    [token],
  );
  if (!earlier?.request_hash.equals(requestHash)) {
    throw new ChartsealError('CONFLICT', 'This idempotency key was used for another request.');
  }
  return earlier.result_id;
}
