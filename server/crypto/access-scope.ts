import { AsyncLocalStorage } from 'node:async_hooks';
import type { KeyObject } from 'node:crypto';
import { OutsideScopeError } from './errors';

/**
 * What one piece of attributable work has opened, and the keys it may open with. A request's context is one; so is the
 * context of a command. The ledger's entry lists exactly what is noted here.
 */
export class AccessScope {
  /** Owner id → column groups opened. */
  readonly opened = new Map<string, Set<string>>();
  /** Data keys by id: strong references, so that the cache cannot evict a key between loading and opening. */
  readonly keys = new Map<bigint, KeyObject>();
  /** Owner id → id of the key to seal that owner's new values with. */
  readonly currentKeys = new Map<string, bigint>();

  /** Notes that a value of this owner and column group was opened. */
  note(owner: string, group: string): void {
    const groups = this.opened.get(owner);
    if (groups) groups.add(group);
    else this.opened.set(owner, new Set([group]));
  }
}

const storage = new AsyncLocalStorage<AccessScope>();

/** Runs `work`, and everything asynchronous it starts, inside `scope`. */
export function runIn<S extends AccessScope, T>(scope: S, work: () => T): T {
  return storage.run(scope, work);
}

/** The scope this code runs in. Throws OutsideScopeError when there is none. */
export function currentScope(): AccessScope {
  const scope = storage.getStore();
  if (!scope) throw new OutsideScopeError();
  return scope;
}

/** The scope this code runs in, or null. */
export function findScope(): AccessScope | null {
  return storage.getStore() ?? null;
}
