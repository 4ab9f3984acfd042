import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock';
import { billOf, fits, leftOf, Meter, waitFor, type Allowance } from './budget-meter';

/** What an answer tells in `extensions.cost`. */
export interface CostTold {
  /** Of this document. */
  requested: number;
  /** What is left of the minute's budget after it, as far as this server knows; null without one. */
  budgetLeft: number | null;
  /** The minute's budget; null without one. */
  limit: number | null;
}

export interface Spent {
  told: CostTold;
  /** Seconds until there is enough for this document; 0: it was paid for. */
  retryAfterSeconds: number;
}

/** What one caller has used up here since it was last told, in milliseconds of its budgets. */
export interface Spending {
  caller: string;
  /** When that began, in milliseconds since 1970: what was used up while the store was away has come back meanwhile. */
  since: number;
  requests: number;
  cost: number;
}

/** When what a caller has used up at all servers together will have come back, in milliseconds since 1970. */
export interface PaidAt {
  requests: number;
  cost: number;
}

/** Where servers tell each other what callers use up. */
export interface BudgetStore {
  /** Adds what was spent here and answers, at `now`, how each caller stands, in the order asked. */
  fold(spendings: readonly Spending[], now: number): Promise<PaidAt[]>;
}

/** How often what was spent is told to the other servers, in milliseconds. */
const FOLD_MS = 1000;
/** Longest time that a request waits to hear from the other servers, in milliseconds. */
const PATIENCE_MS = 1000;
/** Callers remembered; who is forgotten is asked about anew. */
const MOST_CALLERS = 20_000;

/** One caller as this server knows them. */
class Purse {
  readonly requests = new Meter();
  readonly cost = new Meter();
  /** When what was not told yet began; null when all is told. */
  since: number | null = null;
}

/**
 * What each caller has left, at all servers together. Spending is counted here and folded into the shared store once a second,
 * so that a request does not wait for it; only who has used up a chunk of the budget since waits for one fold. What servers
 * grant together exceeds a budget by at most one chunk, a tenth of it (or one document that costs more), for each further
 * server (decision 36). While the store cannot be asked, each server holds the budget by what it knows itself.
 */
export class Budgets {
  private readonly untold = new Set<string>();
  private readonly purses = new LRUCache<string, Purse>({
    max: MOST_CALLERS,
    dispose: (_purse, caller, why) => void (why === 'evict' && this.untold.delete(caller)),
  });
  private folding: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private away = false;

  /** @param report told when the store can no longer be asked */
  constructor(
    private readonly store: BudgetStore,
    private readonly clock: Clock,
    private readonly report: (error: unknown) => void,
  ) {}

  /** Takes one request and its cost from the caller's budget, or takes nothing and says how long to wait. */
  async spend(caller: string, cost: number, allowance: Allowance): Promise<Spent> {
    const bill = billOf(cost, allowance);
    const limit = allowance.costPerMinute;
    if (bill.requests === 0 && bill.cost === 0) {
      return { told: { requested: cost, budgetLeft: limit, limit }, retryAfterSeconds: 0 };
    }
    const purse = this.purseOf(caller);
    for (let heard = false; ; heard = !this.untold.has(caller)) {
      const now = this.now();
      const retryAfterSeconds = Math.max(
        waitFor(bill.requests, purse.requests, now),
        waitFor(bill.cost, purse.cost, now),
      );
      const sure = this.away || (fits(bill.requests, purse.requests, heard) && fits(bill.cost, purse.cost, heard));
      if (retryAfterSeconds > 0 || sure) {
        if (retryAfterSeconds === 0) this.take(caller, purse, bill, now);
        const budgetLeft = limit === null ? null : leftOf(limit, purse.cost, now);
        return { told: { requested: cost, budgetLeft, limit }, retryAfterSeconds };
      }
      this.untold.add(caller);
      await this.hear();
    }
  }

  /** Tells what is left to tell, and stops. */
  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    if (this.untold.size > 0) await this.hear();
    if (this.timer) clearTimeout(this.timer);
  }

  private take(caller: string, purse: Purse, bill: { requests: number; cost: number }, now: number): void {
    purse.requests.take(bill.requests, now);
    purse.cost.take(bill.cost, now);
    purse.since ??= now;
    this.untold.add(caller);
    this.foldSoon();
  }

  private foldSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.fold();
    }, FOLD_MS).unref();
  }

  /** Waits for a fold that tells of everything spent until now, but not for ever. */
  private async hear(): Promise<void> {
    let impatient: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      impatient = setTimeout(() => {
        this.lose(new Error('The shared budgets do not answer.'));
        resolve();
      }, PATIENCE_MS);
    });
    await Promise.race([this.fold(), patience]);
    clearTimeout(impatient);
  }

  /** One fold at a time; who comes during one waits for it, looks again, and if need be for the next. */
  private fold(): Promise<void> {
    this.folding ??= this.foldUntold().finally(() => (this.folding = null));
    return this.folding;
  }

  private async foldUntold(): Promise<void> {
    const now = this.now();
    const spendings = [...this.untold].map((caller) => {
      const purse = this.purseOf(caller);
      const { requests, cost, since } = purse;
      purse.since = null;
      return { caller, since: since ?? now, requests: requests.untold, cost: cost.untold };
    });
    this.untold.clear();
    try {
      const standing = await this.store.fold(spendings, now);
      this.away = false;
      spendings.forEach(({ caller, requests, cost }, at) => {
        const purse = this.purseOf(caller);
        purse.requests.hear(standing[at]!.requests, requests);
        purse.cost.hear(standing[at]!.cost, cost);
      });
    } catch (error) {
      for (const { caller, since } of spendings) {
        this.untold.add(caller);
        this.purseOf(caller).since = since;
      }
      this.lose(error);
      this.foldSoon();
    }
  }

  private lose(error: unknown): void {
    if (!this.away) this.report(error);
    this.away = true;
  }

  private purseOf(caller: string): Purse {
    let purse = this.purses.get(caller);
    if (!purse) this.purses.set(caller, (purse = new Purse()));
    return purse;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
