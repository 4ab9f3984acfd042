import { identifiersOf } from './datatypes';
import { asObject, asText, type Json } from './json';

const TYPE_AND_ID = /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/** The literal reference of a Reference element, or null. */
export function referenceOf(value: unknown): string | null {
  return asText(asObject(value)?.reference);
}

/**
 * One spelling for the ways a resource is referred to: `Patient/1`, also at the end of a URL; `urn:uuid:…` of a Bundle; and
 * `Patient?identifier=system|value`.
 */
export function referenceKey(reference: string): string {
  return TYPE_AND_ID.exec(reference)?.[1] ?? reference;
}

/** Every key by which others may refer to this resource. */
export function keysOf(resource: Json, fullUrl: string | null): string[] {
  const type = asText(resource.resourceType);
  const id = asText(resource.id);
  const keys = identifiersOf(resource).map(({ system, value }) => `${type}?identifier=${system}|${value}`);
  if (id) keys.push(`${type}/${id}`);
  if (fullUrl) keys.push(referenceKey(fullUrl));
  return [...new Set(keys)];
}
