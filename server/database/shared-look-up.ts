import DataLoader from 'dataloader';

/** Keys of one query at most. */
const MOST_AT_ONCE = 1_000;

/**
 * Look-ups of many requests in one query: whatever is asked while a query is under way goes into the next. Nothing is
 * remembered; an answer is never older than its question. The busier the server, the fewer queries a request costs.
 *
 * @param load answers each key, in order
 */
export function sharedLookUp<K, V>(load: (keys: readonly K[]) => Promise<V[]>): DataLoader<K, V> {
  let underWay: Promise<unknown> = Promise.resolve();
  const ask = (keys: readonly K[]) => {
    const answer = load(keys);
    underWay = answer.catch(() => undefined); // whoever asked is told; the next query stands for itself
    return answer;
  };
  return new DataLoader(ask, {
    cache: false,
    maxBatchSize: MOST_AT_ONCE,
    // The default batches within one callback; requests of different connections arrive in different ones.
    batchScheduleFn: (run) => void underWay.then(() => setImmediate(run)),
  });
}
