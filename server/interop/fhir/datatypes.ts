import { asObject, asText, objectsOf, type Json } from './json';
import { Fault } from './fault';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

export interface Coding {
  system: string | null;
  code: string | null;
  display: string | null;
}

export const LOINC = 'http://loinc.org';

export function codingsOf(concept: unknown): Coding[] {
  return objectsOf(asObject(concept)?.coding).map((coding) => ({
    system: asText(coding.system),
    code: asText(coding.code),
    display: asText(coding.display),
  }));
}

/** A concept in words: its text, else the display of a coding, else a bare code. Null when it has none of them. */
export function wordsOf(concept: unknown): string | null {
  const codings = codingsOf(concept);
  return (
    asText(asObject(concept)?.text) ??
    codings.find(({ display }) => display)?.display ??
    codings.find(({ code }) => code)?.code ??
    null
  );
}

/** First code of a concept, or null. */
export function codeOf(concept: unknown): string | null {
  return codingsOf(concept).find(({ code }) => code)?.code ?? null;
}

/** The calendar day of a FHIR date or dateTime as it was written, or null when less than a whole day is told. Throws Fault for what is no date. */
export function dayOf(value: unknown, field: string): string | null {
  const text = asText(value);
  if (text === null) return null;
  if (!MOMENT.test(text)) throw new Fault(`${field} is no date`);
  const day = text.slice(0, 10);
  if (!DATE.test(day)) return null;
  const parsed = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(day)) throw new Fault(`${field} is no date`);
  return day;
}

/** A FHIR dateTime as a moment; without a time of day, midnight UTC. Null when there is none; throws Fault for what is no date. */
export function momentOf(value: unknown, field: string): Date | null {
  const text = asText(value);
  if (text === null) return null;
  const moment = new Date(text);
  if (!MOMENT.test(text) || Number.isNaN(moment.getTime())) throw new Fault(`${field} is no date`);
  return moment;
}

/** Looks a code up; an unknown one is a Fault. */
export function mapped<T>(codes: Readonly<Record<string, T>>, code: string | null, field: string): T {
  const value = code !== null && Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (value === undefined) throw new Fault(code === null ? `${field} is missing` : `unknown code in ${field}`);
  return value;
}

export interface SystemValue {
  system: string;
  value: string;
}

/** Identifiers that have both a system and a value, without repetition; others identify nobody. */
export function identifiersOf(resource: Json): SystemValue[] {
  const all = objectsOf(resource.identifier).flatMap((identifier) => {
    const system = asText(identifier.system);
    const value = asText(identifier.value);
    return system && value ? [{ system, value }] : [];
  });
  return [...new Map(all.map((one) => [`${one.system}|${one.value}`, one])).values()];
}
