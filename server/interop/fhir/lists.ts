import { MedicationStatus, ProblemStatus, type Identifier, type Medication, type Problem } from '../../patients';
import type { ListItem } from './clinical-mapper';

/** Longest list a patient may have; as over GraphQL. */
export const LONGEST_LIST = 500;

const problemRanks = [ProblemStatus.ACTIVE, ProblemStatus.INACTIVE, ProblemStatus.RESOLVED];
const medicationRanks = [
  MedicationStatus.ACTIVE,
  MedicationStatus.ON_HOLD,
  MedicationStatus.UNKNOWN,
  MedicationStatus.COMPLETED,
  MedicationStatus.STOPPED,
];

export const problemRank = ({ status }: Problem) => problemRanks.indexOf(status);
export const medicationRank = ({ status }: Medication) => medicationRanks.indexOf(status);

/**
 * A patient's list with what a source tells of it: the source's word holds for the items it names, all others stay, for they
 * were written here or came from elsewhere. A source that names an item several times (each renewal of a prescription) is
 * taken at its most present one, of several such at the latest. Undefined when the source names nothing.
 */
export function mergeList<T>(
  existing: readonly T[],
  incoming: readonly ListItem<T>[],
  { keyOf, rank, onOverflow }: { keyOf: (item: T) => string; rank: (item: T) => number; onOverflow: () => void },
): T[] | undefined {
  if (incoming.length === 0) return undefined;
  const rankOf = ({ value }: ListItem<T>) => (value === null ? Infinity : rank(value));
  const inOrder = [...incoming].sort(
    (one, other) =>
      compare(rankOf(one), rankOf(other)) ||
      compare(other.told, one.told) ||
      compare(textOf(one.value), textOf(other.value)),
  );
  const told = new Map<string, T | null>();
  for (const { key, value } of inOrder) if (!told.has(key)) told.set(key, value);
  const known = new Map(existing.map((item) => [keyOf(item), item]));
  const kept = existing.flatMap((item) => {
    const key = keyOf(item);
    if (!told.has(key)) return [item];
    return known.get(key) === item ? (told.get(key) ?? []) : [];
  });
  const fresh = [...told].flatMap(([key, value]) => (known.has(key) ? [] : (value ?? [])));
  const all = [...kept, ...fresh] as T[];
  if (all.length <= LONGEST_LIST) return all;
  onOverflow();
  return all.sort((one, other) => rank(one) - rank(other)).slice(0, LONGEST_LIST);
}

/** Identifiers of both, without repetition. */
export function mergeIdentifiers(existing: readonly Identifier[], incoming: readonly Identifier[]): Identifier[] {
  const known = new Set(existing.map(keyOfIdentifier));
  return [...existing, ...incoming.filter((one) => !known.has(keyOfIdentifier(one)))];
}

function keyOfIdentifier({ system, value }: Identifier): string {
  return `${system}|${value}`;
}

function compare<V extends string | number>(one: V, other: V): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}
