import type { Vitals } from '../../visits';
import type { Case } from './cases';
import type { Chance } from './chance';

/** A body's own measure: what stays nearly the same from visit to visit. */
export interface Build {
  height: number;
  weight: number;
}

/** Height in cm and weight in kg that suit an age. */
export function makeBuild(chance: Chance, age: number, male: boolean): Build {
  const grown = male ? 178 : 165;
  const middle = age >= 18 ? grown - Math.max(0, age - 60) / 8 : 62 + (grown - 62) * (age / 18) ** 0.8;
  const height = chance.around(middle, age < 2 ? 5 : 13);
  const index = age >= 18 ? chance.around(26, 8, 1) : chance.around(16 + age / 4, 2, 1);
  return { height, weight: Math.round(index * (height / 100) ** 2 * 10) / 10 };
}

/** Vital signs of one visit. `severity` 0 is well, 1 is as the illness is at its worst. */
export function makeVitals(chance: Chance, age: number, build: Build, { effect = {} }: Case, severity: number): Vitals {
  const young = Math.max(0, 16 - age) / 16;
  const ill = (sign: keyof typeof effect) => (effect[sign] ?? 0) * severity;
  const systolic = Math.round(chance.around(122 - 26 * young + Math.max(0, age - 50) / 4, 9) + ill('systolic'));
  return {
    temperature: Math.round((chance.around(36.7, 0.4, 1) + ill('temperature')) * 10) / 10,
    heartRate: Math.round(chance.around(72 + 40 * young, 10) + ill('heartRate')),
    respiratoryRate: Math.round(chance.around(15 + 12 * young, 2) + ill('respiratoryRate')),
    systolic,
    diastolic: Math.round(Math.min(chance.around(76 - 12 * young, 7) + ill('diastolic'), systolic - 25)),
    oxygenSaturation: Math.min(100, Math.round(chance.around(98, 1) + ill('oxygenSaturation'))),
    weight: Math.max(2.5, Math.round((build.weight + chance.around(0, build.weight / 50, 1)) * 10) / 10),
    height: build.height,
    painScore: age < 4 ? undefined : Math.min(10, Math.round(chance.around(1.5, 1.5) + 3 * severity)),
  };
}

/** A note with `{sign}` replaced by what was measured. */
export function fillIn(note: string, vitals: Vitals): string {
  return note.replace(/\{(\w+)\}/g, (_, sign: string) => String(vitals[sign as keyof Vitals] ?? 'not measured'));
}
