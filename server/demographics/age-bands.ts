/** A band of ages in whole years, both ends included; null: open. */
export interface AgeBand {
  label: string;
  from: number | null;
  to: number | null;
}

/** The hospital's four bands. */
export const ageBands: readonly AgeBand[] = [
  { label: '<20', from: null, to: 19 },
  { label: '20-39', from: 20, to: 39 },
  { label: '40-59', from: 40, to: 59 },
  { label: '60+', from: 60, to: null },
];

/** Ten-year steps; the last is open. */
export const decades: readonly AgeBand[] = [
  ...Array.from({ length: 9 }, (_, step) => ({
    label: `${step * 10}-${step * 10 + 9}`,
    from: step * 10,
    to: step * 10 + 9,
  })),
  { label: '90+', from: 90, to: null },
];

/** Patients whose birth date nobody knows. */
export const unknownAge: AgeBand = { label: 'unknown', from: null, to: null };

export function bandOf(age: number, bands: readonly AgeBand[]): AgeBand {
  return bands.find(({ from, to }) => age >= (from ?? 0) && age <= (to ?? Infinity)) ?? bands[0]!;
}
