import type { Hospital } from '../hospital';
import { DEMO_SYSTEM, demoNumber } from './story';

/** Loads take numbers in order, a few hundred at a time: where so many in a row are free, all further ones are. */
const PROBED_AT_ONCE = 1_000;

/**
 * Numbers of made-up patients not in this hospital yet, lowest first, at most up to `highest`. Found as they are asked for,
 * so that a million of them wait in nobody's memory.
 */
export async function* freeNumbers(hospital: Hospital, highest = Infinity): AsyncGenerator<number> {
  let mayBeTaken = true;
  for (let start = 0; start < highest; start += PROBED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(PROBED_AT_ONCE, highest - start) }, (_, step) => start + step + 1);
    const free: number[] = mayBeTaken ? await freeAmong(hospital, numbers) : numbers;
    mayBeTaken = free.length < PROBED_AT_ONCE;
    yield* free;
  }
}

async function freeAmong({ base, services }: Hospital, numbers: number[]): Promise<number[]> {
  const identifiers = numbers.map((number) => ({ system: DEMO_SYSTEM, value: demoNumber(number) }));
  return base.dataSource.transaction(async (manager) => {
    // After a load PostgreSQL may still believe that the index is empty, and would read it whole for each of a thousand.
    await manager.query('SET LOCAL enable_seqscan = off');
    const taken = await services.patientIndex.findByIdentifiers(identifiers, manager);
    return numbers.filter((_, step) => taken[step]!.length === 0);
  });
}

/** The first `count` of these, in groups of `size`; the last group may be smaller. */
export async function* inGroups<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  count = Infinity,
): AsyncGenerator<T[]> {
  if (count <= 0) return;
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
