import { isId } from '../platform/ids';
import { badInput } from './errors';

/** Options of the one `input` argument every mutation takes. */
export const inputIs = { description: 'What to do.' };

/** An id argument, checked before it reaches SQL. Throws BAD_USER_INPUT when it is not a UUID. */
export function demandId(id: string, path = 'id'): string {
  if (!isId(id)) throw badInput(path, 'This is not an id.');
  return id.toLowerCase();
}
