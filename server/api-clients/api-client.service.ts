import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { noteAct } from '../audit';
import type { RequestContext } from '../graphql/context';
import { badInput, conflict, notFound } from '../graphql/errors';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import { newId } from '../platform/ids';
import { allowanceOf, changedAllowance, demandPatients, type Allowance } from './allowance';
import { ApiClient } from './api-client.entity';
import type {
  ApiClientsArgs,
  CreateApiClientInput,
  RevokeApiClientInput,
  RotateApiClientSecretInput,
  UpdateApiClientInput,
} from './api-client.inputs';
import type { ApiClientRepository } from './api-client.repository';
import { hashOfSecret, hintOfSecret, newSecret } from './client-secret';
import { ApiClientCredential, CredentialKind } from './credential.entity';
import { readPublicJwk } from './public-jwk';

const LIST = 'apiClients';

/** Good at a time: one in use and one to change over to. */
const MOST_CREDENTIALS = 2;

export interface NewSecret {
  client: ApiClient;
  /** Shown once; null for a client that signs with a key of its own. */
  secret: string | null;
}

/** Other systems that may ask: registered, given further secrets and revoked by administrators. */
export class ApiClientService {
  constructor(
    private readonly base: Foundation,
    private readonly clients: ApiClientRepository,
  ) {}

  /** API clients, newest first, revoked ones too. */
  async list(args: ApiClientsArgs): Promise<Connection<ApiClient>> {
    const { cursors, dataSource } = this.base;
    const page = readPage(args, LIST, cursors);
    const walk = page.backward ? 't.id > $1) ORDER BY t.id' : 't.id < $1) ORDER BY t.id DESC';
    const values = [page.from?.[0] ?? null, page.size + 1];
    const rows = await this.clients.select(`WHERE ($1::uuid IS NULL OR ${walk} LIMIT $2`, values);
    const count = async () => {
      const [row] = await dataSource.query<{ n: number }[]>('SELECT count(*)::integer AS n FROM api_client');
      return row!.n;
    };
    return toConnection(rows, page, { name: LIST, cursors, keyOf: ({ id }) => [id], count });
  }

  /** Registers a client. MFA_REQUIRED without a fresh proof, BAD_USER_INPUT for a scope or patient there is not. */
  async create(context: RequestContext, input: CreateApiClientInput): Promise<NewSecret> {
    this.demand(context);
    this.base.policy.demandStepUp(context);
    const allowance = allowanceOf(input);
    return this.base.dataSource.transaction(async (manager) => {
      await this.clients.holdKey(manager);
      if (allowance.patients) await demandPatients(manager, allowance.patients);
      const client = Object.assign(new ApiClient(), { id: newId() });
      const made = { createdAt: this.base.clock.now(), createdBy: context.actor.id, revokedAt: null, revokedBy: null };
      Object.assign(client, made, { label: input.name, allowance });
      await manager.insert(ApiClient, client);
      noteGrant(manager, client.id, allowance);
      return { client, secret: await this.insertCredential(manager, client, input.publicKey) };
    });
  }

  /**
   * Changes what a client is called, may do and may use up. It counts from the next request on, in every server process;
   * its tokens stay good for what they were got for, as far as it still may. MFA_REQUIRED without a fresh proof, CONFLICT
   * when somebody else was first.
   */
  async update(context: RequestContext, input: UpdateApiClientInput): Promise<ApiClient> {
    this.demand(context);
    this.base.policy.demandStepUp(context);
    return this.base.dataSource.transaction(async (manager) => {
      const client = await this.clients.lock(manager, input.id);
      const { edit, ...now } = client.opened;
      if (client.version !== input.expectedVersion) {
        const changedAt = edit?.at ?? client.createdAt.toISOString();
        throw conflict({ version: client.version, changedBy: edit ? edit.by : client.createdBy, changedAt });
      }
      const name = input.name ?? client.name;
      const allowance = changedAllowance(now, input);
      const granted = JSON.stringify(allowance) !== JSON.stringify(now);
      if (!granted && name === client.name) return client;
      if (input.patientIds) await demandPatients(manager, allowance.patients ?? []);
      const made = { version: client.version + 1, at: this.base.clock.now().toISOString(), by: context.actor.id };
      Object.assign(client, { label: name, allowance: { ...allowance, edit: made } });
      if (granted) noteGrant(manager, client.id, allowance);
      return manager.save(client, { reload: false });
    });
  }

  /** Gives a client a further secret or key beside the one it has. MFA_REQUIRED without a fresh proof. */
  async rotate(context: RequestContext, input: RotateApiClientSecretInput): Promise<NewSecret> {
    this.demand(context);
    this.base.policy.demandStepUp(context);
    return this.base.dataSource.transaction(async (manager) => {
      const client = await this.clients.lock(manager, input.id);
      const good = await goodCredentials(manager, client.id);
      if (good.length >= MOST_CREDENTIALS) throw badInput('id', 'It has two already: revoke the old one first.');
      return { client, secret: await this.insertCredential(manager, client, input.publicKey) };
    });
  }

  /** Revokes a client, or one of its credentials alone. It counts from the next request on, in every server process. */
  async revoke(context: RequestContext, { id, credentialId }: RevokeApiClientInput): Promise<ApiClient> {
    this.demand(context);
    return this.base.dataSource.transaction(async (manager) => {
      const client = await this.clients.lock(manager, id);
      const good = await goodCredentials(manager, id);
      const ending = credentialId ? good.filter((one) => one.id === credentialId.toLowerCase()) : good;
      if (credentialId && ending.length === 0) throw notFound('credential');
      const revokedAt = this.base.clock.now();
      for (const credential of ending) await manager.save(Object.assign(credential, { revokedAt }), { reload: false });
      if (credentialId) return client;
      return manager.save(Object.assign(client, { revokedAt, revokedBy: context.actor.id }), { reload: false });
    });
  }

  /** Answers the secret, if it is one. */
  private async insertCredential(
    manager: EntityManager,
    client: ApiClient,
    publicKey: string | null | undefined,
  ): Promise<string | null> {
    const secret = publicKey ? null : newSecret();
    const jwk = publicKey ? readPublicJwk(publicKey) : null;
    if (publicKey && !jwk) {
      throw badInput('publicKey', 'Give a public key: RSA of at least 3072 bits, or EC on P-256, P-384 or P-521.');
    }
    const kind = secret ? CredentialKind.SECRET : CredentialKind.PUBLIC_KEY;
    const credential = Object.assign(new ApiClientCredential(), { id: newId(), clientId: client.id, kind });
    credential.proof = secret
      ? { clientId: client.id, hash: hashOfSecret(secret), hint: hintOfSecret(secret) }
      : { clientId: client.id, jwk: jwk! };
    Object.assign(credential, { createdAt: this.base.clock.now(), revokedAt: null, lastUsedAt: null });
    await manager.insert(ApiClientCredential, credential);
    return secret;
  }

  private demand({ actor }: RequestContext): void {
    this.base.policy.demand(actor, 'API_CLIENT_MANAGE');
  }
}

/** What a client was allowed stands in the log, whom it is about too. */
function noteGrant(manager: EntityManager, id: string, { scopes, patients }: Allowance): void {
  const target = { type: 'apiClient', id };
  noteAct(manager, { action: 'grant-scopes', target, fields: scopes, patients: patients ?? [] });
}

function goodCredentials(manager: EntityManager, clientId: string): Promise<ApiClientCredential[]> {
  return manager
    .createQueryBuilder(ApiClientCredential, 'credential')
    .where('credential.clientId = :clientId AND credential.revokedAt IS NULL', { clientId })
    .orderBy('credential.createdAt')
    .getMany();
}
