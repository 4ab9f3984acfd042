import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { ClientScope } from '../access/client-scope';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { holdForSealing } from '../database/key-store';
import { poolOf, Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { sharedLookUp } from '../database/shared-look-up';
import type { Actor } from '../graphql/context';
import { notFound } from '../graphql/errors';
import { ApiClient } from './api-client.entity';
import { ApiClientCredential } from './credential.entity';

/** Loads API clients and what they prove themselves by, ready to be opened. Who may see them is the callers' matter. */
export class ApiClientRepository {
  private readonly clients: Reader<ApiClient>;
  private readonly credentials: Reader<ApiClientCredential>;
  /** Clients by one of their good credentials; requests that come while a look-up is under way share the next one. */
  private readonly standing = sharedLookUp((ids: readonly string[]) => this.loadStanding(ids));

  constructor(private readonly base: Foundation) {
    this.clients = new Reader(base.dataSource, ApiClient);
    this.credentials = new Reader(base.dataSource, ApiClientCredential);
  }

  /** Rows of `SELECT … FROM api_client t …`. */
  async select(rest: string, values: unknown[]): Promise<ApiClient[]> {
    const rows = await this.clients.many(rest, values);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  async find(id: string): Promise<ApiClient | null> {
    return (await this.select('WHERE t.id = $1', [id]))[0] ?? null;
  }

  /** The client while it and this credential of it are good, else null. */
  async findStanding(credentialId: string): Promise<ApiClient | null> {
    const client = await this.standing.load(credentialId);
    if (client) await this.base.keyring.hold(envelopesOf([client])); // for this request, whoever else shared the look-up
    return client;
  }

  /** Credentials of these clients, oldest first, with when each was last used. */
  async credentialsOf(clientIds: readonly string[]): Promise<ApiClientCredential[]> {
    const rows = await this.credentials.many('WHERE t.client_id = ANY($1::uuid[]) ORDER BY t.created_at, t.id', [
      clientIds,
    ]);
    const sql = 'SELECT credential_id, last_used_at FROM api_client_use WHERE credential_id = ANY($1::uuid[])';
    const uses = await poolOf(this.base.dataSource).query<{ credential_id: string; last_used_at: Date }>(sql, [
      rows.map(({ id }) => id),
    ]);
    const usedAt = new Map(uses.rows.map((use) => [use.credential_id, use.last_used_at]));
    for (const row of rows) row.lastUsedAt = usedAt.get(row.id) ?? null;
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  /** Locks the staff key, then a client, for a change. Throws NOT_FOUND, also for a revoked one. */
  async lock(manager: EntityManager, id: string): Promise<ApiClient> {
    await this.holdKey(manager);
    const client = await manager.findOne(ApiClient, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!client || client.revokedAt) throw notFound('API client');
    await this.base.keyring.hold(envelopesOf([client]));
    return client;
  }

  /** Before anything of a client is written: the key comes first. */
  holdKey(manager: EntityManager): Promise<void> {
    return holdForSealing(manager, this.base.keyring, [SYSTEM_OWNER]);
  }

  async noteUse(credentialId: string): Promise<void> {
    await this.base.dataSource.query(
      `INSERT INTO api_client_use (credential_id, last_used_at) VALUES ($1, $2)
       ON CONFLICT (credential_id) DO UPDATE SET last_used_at = excluded.last_used_at`,
      [credentialId, this.base.clock.now()],
    );
  }

  private async loadStanding(credentialIds: readonly string[]): Promise<(ApiClient | null)[]> {
    const { rows } = await poolOf(this.base.dataSource).query<{ id: string; client_id: string }>({
      name: 'standing-api-credentials',
      text: 'SELECT id, client_id FROM api_client_credential WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL',
      values: [credentialIds],
    });
    const ids = [...new Set(rows.map((row) => row.client_id))];
    const clients = await this.clients.many('WHERE t.id = ANY($1::uuid[]) AND t.revoked_at IS NULL', [ids]);
    const byId = new Map(clients.map((client) => [client.id, client]));
    const owner = new Map(rows.map((row) => [row.id, row.client_id]));
    return credentialIds.map((id) => byId.get(owner.get(id) ?? '') ?? null);
  }
}

/**
 * The client as who acts, within this scope of its own. What it proved itself by stands for the session, in the log and where
 * connections that stay open are looked after.
 */
export function actorOf(client: ApiClient, credentialId: string, asked: ClientScope): Actor {
  const { requestsPerMinute, costPerMinute } = client.opened;
  return Object.freeze({
    kind: 'client',
    id: client.id,
    role: 'INTEGRATION',
    sessionId: credentialId,
    scope: scopeOf(client).within(asked),
    budget: { requestsPerMinute, costPerMinute },
  });
}

export function scopeOf(client: ApiClient): ClientScope {
  const { scopes, patients } = client.opened;
  // what a later version no longer knows allows nothing
  return ClientScope.parse(scopes, patients) ?? ClientScope.parse([], patients)!;
}
