/** Steps people read at a glance, each times a power of ten. */
const steps = [1, 2, 5, 10];

/** What numbers with decimals are off by. */
const FUZZ = 1e-9;

/**
 * Marks of an axis that covers `low` to `high`: round numbers, evenly apart, about `wanted` of them. The first and the last
 * are the ends of the axis. What never changed lies in the middle.
 */
export function roundMarks(low: number, high: number, wanted = 4): number[] {
  if (low === high) return roundMarks(low - Math.min(1, Math.abs(low)), low + 1, 2);
  const span = high - low;
  const power = 10 ** Math.floor(Math.log10(span / wanted));
  const step = power * (steps.find((one) => one * power >= span / wanted - FUZZ) ?? 10);
  const first = Math.floor(low / step + FUZZ);
  const last = Math.max(Math.ceil(high / step - FUZZ), first + 1);
  // Multiples of a whole number of steps: 0.1 added up ten times is not 1.
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}
