import type { VisitStatus, VitalsInput, VitalsPartsFragment } from '../../gql/graphql';

export type VitalKey =
  | 'temperature'
  | 'heartRate'
  | 'respiratoryRate'
  | 'systolic'
  | 'diastolic'
  | 'oxygenSaturation'
  | 'weight'
  | 'height'
  | 'painScore';

export interface VitalSign {
  key: VitalKey;
  unit: string;
  decimals: number;
  /** Outside of these it cannot be a measurement; the server refuses it. */
  limits: [number, number];
  /** Outside of these it may be a slip of the pen: the form asks. */
  plausible: [number, number];
  /** The usual range of an adult at rest, drawn as a band; none where it depends on the person. */
  usual?: [number, number];
}

export const vitalSigns: VitalSign[] = [
  { key: 'temperature', unit: '°C', decimals: 1, limits: [20, 46], plausible: [33, 42], usual: [36.1, 37.8] },
  { key: 'heartRate', unit: '/min', decimals: 0, limits: [0, 350], plausible: [30, 220], usual: [60, 100] },
  { key: 'respiratoryRate', unit: '/min', decimals: 0, limits: [0, 150], plausible: [5, 60], usual: [12, 20] },
  { key: 'systolic', unit: 'mmHg', decimals: 0, limits: [0, 350], plausible: [60, 250], usual: [90, 140] },
  { key: 'diastolic', unit: 'mmHg', decimals: 0, limits: [0, 250], plausible: [30, 150], usual: [60, 90] },
  { key: 'oxygenSaturation', unit: '%', decimals: 1, limits: [0, 100], plausible: [70, 100], usual: [95, 100] },
  { key: 'weight', unit: 'kg', decimals: 1, limits: [0.2, 700], plausible: [2, 300] },
  { key: 'height', unit: 'cm', decimals: 1, limits: [20, 280], plausible: [40, 230] },
  { key: 'painScore', unit: '/10', decimals: 0, limits: [0, 10], plausible: [0, 10] },
];

/** As the form holds them: an empty field is the empty text. */
export type VitalsValues = Record<VitalKey, number | ''>;

export const emptyVitals: VitalsValues = {
  temperature: '',
  heartRate: '',
  respiratoryRate: '',
  systolic: '',
  diastolic: '',
  oxygenSaturation: '',
  weight: '',
  height: '',
  painScore: '',
};

export function fromVitals(vitals: VitalsPartsFragment | null | undefined): VitalsValues {
  return Object.fromEntries(vitalSigns.map(({ key }) => [key, vitals?.[key] ?? ''])) as VitalsValues;
}

/** Null when nothing was measured. */
export function toVitals(values: VitalsValues): VitalsInput | null {
  const measured = vitalSigns.filter(({ key }) => values[key] !== '').map(({ key }) => [key, Number(values[key])]);
  return measured.length > 0 ? (Object.fromEntries(measured) as VitalsInput) : null;
}

/** Only what differs from what was read; what is cleared becomes null. */
export function changedVitals(values: VitalsValues, before: VitalsValues): VitalsInput {
  const changed = vitalSigns.filter(({ key }) => values[key] !== before[key]);
  return Object.fromEntries(changed.map(({ key }) => [key, values[key] === '' ? null : Number(values[key])]));
}

/** Signs whose value is possible but so unusual that the person should look again. */
export function doubtful(values: VitalsValues): VitalSign[] {
  return vitalSigns.filter(({ key, plausible: [low, high] }) => {
    const value = values[key];
    return value !== '' && (value < low || value > high);
  });
}

/** Whether what a visit says was measured may be read as this patient's: what was entered in error may be somebody else's. */
export function holds({ status }: { status: VisitStatus }): boolean {
  return status !== 'ENTERED_IN_ERROR';
}

const adultYears = 16;

/** The usual ranges are an adult's: a healthy infant's pulse would look alarming. Unknown birth dates count as adult. */
export function isAdult(birthDate: string | null | undefined, at: string): boolean {
  if (!birthDate) return true;
  const grown = new Date(`${birthDate}T00:00`);
  grown.setFullYear(grown.getFullYear() + adultYears);
  return new Date(at) >= grown;
}

/** Which side of the usual range a value lies on; null within it, where there is none, and for children. */
export function deviation(sign: VitalSign, value: number, adult: boolean): 'low' | 'high' | null {
  if (!adult || !sign.usual) return null;
  if (value < sign.usual[0]) return 'low';
  return value > sign.usual[1] ? 'high' : null;
}
