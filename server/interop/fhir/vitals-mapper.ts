import { Vitals } from '../../visits';
import { checked } from './checked';
import { codingsOf, LOINC, mapped } from './datatypes';
import { Fault } from './fault';
import { asNumber, asObject, asText, objectsOf, type Json } from './json';

interface Sign {
  field: keyof Vitals;
  /** UCUM units taken, each with its way to ours. */
  units: Readonly<Record<string, (value: number) => number>>;
  decimals: number;
}

const same = (value: number) => value;
const times = (factor: number) => (value: number) => value * factor;
const perMinute = { '/min': same, '{beats}/min': same, '{breaths}/min': same };
const pressure = { 'mm[Hg]': same, kPa: times(7.500_616_8) };
const percent = { '%': same };

/** LOINC code → vital sign. */
const signs: Readonly<Record<string, Sign>> = {
  '8310-5': { field: 'temperature', units: { Cel: same, '[degF]': (value) => ((value - 32) * 5) / 9 }, decimals: 1 },
  '8867-4': { field: 'heartRate', units: perMinute, decimals: 0 },
  '9279-1': { field: 'respiratoryRate', units: perMinute, decimals: 0 },
  '8480-6': { field: 'systolic', units: pressure, decimals: 0 },
  '8462-4': { field: 'diastolic', units: pressure, decimals: 0 },
  '2708-6': { field: 'oxygenSaturation', units: percent, decimals: 1 },
  '59408-5': { field: 'oxygenSaturation', units: percent, decimals: 1 },
  '29463-7': { field: 'weight', units: { kg: same, g: times(0.001), '[lb_av]': times(0.453_592_37) }, decimals: 2 },
  '8302-2': { field: 'height', units: { cm: same, m: times(100), mm: times(0.1), '[in_i]': times(2.54) }, decimals: 1 },
  '72514-3': { field: 'painScore', units: { '{score}': same, '1': same }, decimals: 0 },
};

const BLOOD_PRESSURE = '85354-9';

const statuses: Readonly<Record<string, boolean>> = {
  registered: false,
  preliminary: true,
  final: true,
  amended: true,
  corrected: true,
  cancelled: false,
  'entered-in-error': false,
  unknown: false,
};

/** True for an Observation of a sign that a visit has a place for. */
export function isVitalSign(resource: Json): boolean {
  return loincOf(resource) !== null;
}

/**
 * The measurements of a FHIR R4 vital-signs Observation, in our units. Null when it says there are none (not final, or no
 * value given). Throws Fault for a wrong unit or an impossible value.
 */
export function mapVitals(resource: Json): Partial<Vitals> | null {
  if (!mapped(statuses, asText(resource.status), 'status')) return null;
  const parts = loincOf(resource) === BLOOD_PRESSURE ? objectsOf(resource.component) : [resource];
  const measured = parts.map(measurementOf).filter((one) => one !== null);
  if (measured.length === 0) return null;
  const vitals = Object.assign({}, ...measured) as Partial<Vitals>;
  checked(Vitals, vitals);
  return vitals;
}

function measurementOf(part: Json): Partial<Vitals> | null {
  const code = loincOf(part);
  const sign = code === null ? undefined : signs[code];
  if (!sign) return null;
  const quantity = asObject(part.valueQuantity);
  const told = asNumber(quantity?.value) ?? (sign.field === 'painScore' ? asNumber(part.valueInteger) : null);
  if (told === null) return null;
  const unit = quantity ? (asText(quantity.code) ?? asText(quantity.unit)) : '1';
  const convert = unit !== null && Object.hasOwn(sign.units, unit) ? sign.units[unit] : undefined;
  if (!convert)
    throw new Fault(
      `${unit === null ? 'no unit' : 'unknown unit'} for ${sign.field}; known are ${Object.keys(sign.units).join(', ')}`,
    );
  const factor = 10 ** sign.decimals;
  return { [sign.field]: Math.round(convert(told) * factor) / factor };
}

function loincOf({ code }: Json): string | null {
  const known = (coding: string | null) =>
    coding === BLOOD_PRESSURE || (coding !== null && Object.hasOwn(signs, coding));
  return codingsOf(code).find(({ system, code: coding }) => system === LOINC && known(coding))?.code ?? null;
}
