import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessScope, findScope } from '../crypto/access-scope';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { newId } from '../platform/ids';
import type { CostTold } from './budget';
import { forbidden } from './errors';

/** The vocabulary of roles; what each may do is in access/permissions.ts. */
export const roles = ['ADMIN', 'DOCTOR', 'CLINICIAN', 'NURSE', 'AUDITOR', 'INTEGRATION'] as const;
export type Role = (typeof roles)[number];

/** What another system was allowed of what its role may do. It narrows, it never widens. */
export interface ActorScope {
  /** True when the permission is among what was allowed. */
  grants(permission: string): boolean;
  /** True when values of this column group may be shown to it. */
  mayOpen(group: string): boolean;
  /** True when it may set this column (camel case) of this kind of row. */
  maySet(type: string, field: string): boolean;
  /** The only patients it may touch; null: all who are not confidential. */
  readonly patients: readonly string[] | null;
}

/** Who acts: a signed-in person, another system, this system itself (command line, import), or nobody known. */
export interface Actor {
  readonly kind: 'user' | 'client' | 'system' | 'anonymous';
  readonly id: string | null;
  readonly role: Role | null;
  /** Of another system: what it proved itself by. */
  readonly sessionId: string | null;
  /** The role wants a second factor that is not set up: nothing is allowed but to set one up. */
  readonly mustEnrol?: boolean;
  /** When this session last proved itself again (`stepUp`); absent or null: never. */
  readonly steppedUpAt?: Date | null;
  /** Open break-glass grants as this request found them: patient id → grant id. Only these grants let it see anything. */
  readonly grants?: ReadonlyMap<string, string>;
  /** Of another system, always; of nobody else. */
  readonly scope?: ActorScope;
  /** What another system may use up in a minute. */
  readonly budget?: { readonly requestsPerMinute: number; readonly costPerMinute: number };
}

export const anonymous: Actor = Object.freeze({ kind: 'anonymous', id: null, role: null, sessionId: null });

export interface Http {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Everything one request is: who acts, how it is named in the ledger, and (as an AccessScope) what it has opened.
 * It lives in AsyncLocalStorage, so sealed values and the audit subscriber find it without being handed it.
 */
export class RequestContext extends AccessScope {
  actor: Actor;
  readonly requestId: string;
  readonly ip: string | null;
  /** Name of the GraphQL operation, or of the command. */
  operation: string | null;
  /** Hex SHA-256 of the document text, null outside GraphQL. */
  documentHash: string | null = null;
  /** What the operation cost and what is left; null outside GraphQL and until it is known. */
  cost: CostTold | null = null;
  /** Why the data is used; `treatment` unless the work says otherwise. */
  purpose: string;
  readonly http: Http | null;
  /** True when the operation is recorded even though it opened nothing, such as a search without a hit. */
  mustRecord = false;
  /** Column groups this request shows to who oversees, not to who treats; what else it opens keeps its own purpose. */
  readonly overseen = new Set<string>();
  /** Per-request memory of loaders, keyed by the loader's factory. */
  readonly memory = new Map<unknown, unknown>();

  constructor(init: {
    actor: Actor;
    requestId?: string;
    ip?: string | null;
    operation?: string | null;
    purpose?: string;
    http?: Http | null;
  }) {
    super();
    this.actor = init.actor;
    this.requestId = init.requestId ?? newId();
    this.ip = init.ip ?? null;
    this.operation = init.operation ?? null;
    this.purpose = init.purpose ?? 'treatment';
    this.http = init.http ?? null;
  }

  /**
   * Notes what is opened, and refuses to open what the scope of another system leaves out: here, where every opening passes,
   * so that no path can forget it. Throws FORBIDDEN.
   */
  override note(owner: string, group: string): void {
    if (owner !== SYSTEM_OWNER) this.demandOpen(group);
    super.note(owner, group);
  }

  /**
   * Demands that values of this group may be shown to whoever asks; for what tells of a value without opening it, such as a
   * filter. Throws FORBIDDEN.
   */
  demandOpen(group: string): void {
    const { scope } = this.actor;
    if (scope && !scope.mayOpen(group)) throw forbidden(`The scope of this client leaves out ${group}.`);
  }

  /** Makes a value once per request (data loaders). */
  once<T>(key: unknown, make: () => T): T {
    if (!this.memory.has(key)) this.memory.set(key, make());
    return this.memory.get(key) as T;
  }
}

/** Context of work that no person asked for over HTTP: commands, imports, background tasks. */
export function systemContext(operation: string, purpose = 'operations'): RequestContext {
  return new RequestContext({
    actor: { kind: 'system', id: null, role: null, sessionId: null },
    operation,
    purpose,
  });
}

/** The context of the running request; throws when there is none, since nothing may happen unattributed. */
export function currentContext(): RequestContext {
  const scope = findScope();
  if (!(scope instanceof RequestContext)) throw new Error('This work runs outside any request context.');
  return scope;
}
