import type { Hospital } from '../hospital';
import { DEMO_SYSTEM, demoNumber } from './story';

const PROBED_AT_ONCE = 2_000;

/**
 * Numbers of made-up patients not in this hospital yet, lowest first, at most up to `highest`. Found as they are asked for,
 * so that a million of them wait in nobody's memory.
 */
export async function* freeNumbers({ services }: Hospital, highest = Infinity): AsyncGenerator<number> {
  const { patientIndex } = services;
  for (let start = 0; start < highest; start += PROBED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(PROBED_AT_ONCE, highest - start) }, (_, step) => start + step + 1);
    const identifiers = numbers.map((number) => ({ system: DEMO_SYSTEM, value: demoNumber(number) }));
    const taken = await patientIndex.findByIdentifiers(identifiers);
    yield* numbers.filter((_, step) => taken[step]!.length === 0);
  }
}

/** The first `count` of these, in groups of `size`; the last group may be smaller. */
export async function* inGroups<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  count = Infinity,
): AsyncGenerator<T[]> {
  let group: T[] = [];
  let left = count;
  for await (const item of items) {
    group.push(item);
    left -= 1;
    if (group.length < size && left > 0) continue;
    yield group;
    if (left === 0) return;
    group = [];
  }
  if (group.length > 0) yield group;
}
