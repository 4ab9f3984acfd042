import { v7 } from 'uuid';

/** A new row id: UUIDv7 (RFC 9562), so ids exist before insert and sort by creation time. */
export function newId(): string {
  return v7();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[089ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True when the text has the shape of a UUID; anything else never reaches SQL. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
