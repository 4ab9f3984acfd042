/** A JSON object whose members have not been looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** The value as an object, or null when it is anything else. */
export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** The objects of a list; a single object counts as a list of one, everything else as an empty one. */
export function objectsOf(value: unknown): Json[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map(asObject).filter((item) => item !== null);
}

/** Text without surrounding space, or null when it is no text or empty. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The texts of a list. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText).filter((text) => text !== null) : [];
}

/** A finite number, or null. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
