import type { Fault } from './secrets';

/** When the rules over the audit log find something worth asking about. */
export interface SnoopingSettings {
  /** Rules that are judged; null: all of them. */
  rules: readonly string[] | null;
  /** IANA name of the hospital's time zone. */
  timeZone: string;
  /** A burst is at least so many different patients … */
  burstPatients: number;
  /** … within so many minutes, … */
  burstMinutes: number;
  /** … and so many times what is usual for the person. */
  burstFactor: number;
  /** Hours of the day from the first up to, not including, the second; null: no hour is odd. */
  oddHours: { from: number; to: number } | null;
}

/** The settings as read. */
export interface SnoopingGiven {
  TIME_ZONE?: string | undefined;
  SNOOPING_RULES: readonly string[];
  SNOOPING_BURST_PATIENTS: number;
  SNOOPING_BURST_MINUTES: number;
  SNOOPING_BURST_FACTOR: number;
  SNOOPING_ODD_HOURS: string;
}

/** Rules there are; a test compares them with the contract. */
const snoopingRules = ['SAME_SURNAME', 'SAME_ADDRESS', 'COLLEAGUE', 'NO_RELATION', 'BURST', 'ODD_HOUR', 'CONFIDENTIAL'] as const; // prettier-ignore

const ODD_HOURS = /^(?:none|([01]?\d|2[0-3])-([01]?\d|2[0-3]))$/i;

/** What is not a time zone, a rule or hours of the day. */
export function snoopingFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const faults: Fault[] = [];
  const { TIME_ZONE: zone, SNOOPING_ODD_HOURS: hours, SNOOPING_RULES: rules } = given;
  if (zone && !isTimeZone(zone))
    faults.push({ name: 'TIME_ZONE', message: 'must be a time zone such as Europe/Stockholm' });
  if (hours && !ODD_HOURS.test(hours)) faults.push({ name: 'SNOOPING_ODD_HOURS', message: 'must be none, or hours such as 23-5' }); // prettier-ignore
  const named = rules?.toUpperCase().split(/\s*,\s*/) ?? [];
  const known: readonly string[] = ['ALL', 'NONE', ...snoopingRules];
  if (
    named.some((name) => !known.includes(name)) ||
    (named.length > 1 && named.some((name) => ['ALL', 'NONE'].includes(name)))
  ) {
    faults.push({ name: 'SNOOPING_RULES', message: `must be all, none, or some of ${snoopingRules.join(', ')}` });
  }
  return faults;
}

/** To be asked only of settings without faults. */
export function snoopingSettings(given: SnoopingGiven): SnoopingSettings {
  const [, from, to] = ODD_HOURS.exec(given.SNOOPING_ODD_HOURS) ?? [];
  return {
    rules: given.SNOOPING_RULES.includes('ALL') ? null : given.SNOOPING_RULES,
    timeZone: given.TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    burstPatients: given.SNOOPING_BURST_PATIENTS,
    burstMinutes: given.SNOOPING_BURST_MINUTES,
    burstFactor: given.SNOOPING_BURST_FACTOR,
    oddHours: from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
