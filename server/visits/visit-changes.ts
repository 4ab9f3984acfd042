import { holdsSame } from '../database/sealed-column';
import { badInput } from '../graphql/errors';
import { VisitStatus, type Visit } from './visit.entity';
import type { UpdateVisitInput } from './visit.inputs';

const plain = ['type', 'status', 'attendingId'] as const;
const dates = ['startedAt', 'endedAt'] as const;
const sealed = ['reason', 'notes', 'diagnosis', 'vitals'] as const;
const required: readonly string[] = ['type', 'status', 'startedAt'];

/** What may be changed of a visit; left out stays as it is. */
export type VisitChanges = Partial<Omit<UpdateVisitInput, 'id' | 'expectedVersion'>>;

/** True while it may be written; afterwards it is amended. */
export function isOpen({ status }: Visit): boolean {
  return status === VisitStatus.PLANNED || status === VisitStatus.IN_PROGRESS;
}

/**
 * Sets what differs; true when anything did. Throws BAD_USER_INPUT when something is cleared that every visit has.
 *
 * @param within where in the input the changes stand, such as `changes.`
 */
export function assign(visit: Visit, input: VisitChanges, within = ''): boolean {
  const changes: Partial<Record<keyof Visit, unknown>> = {};
  for (const field of [...plain, ...dates, ...sealed]) {
    const value = input[field];
    if (value === undefined) continue;
    if (value === null && required.includes(field)) throw badInput(within + field, 'This cannot be cleared.');
    if (!same(visit, field, value)) changes[field] = value;
  }
  Object.assign(visit, changes);
  return Object.keys(changes).length > 0;
}

/** Throws BAD_USER_INPUT when the visit would end before it began. */
export function demandOrder({ startedAt, endedAt }: Visit, within = ''): void {
  if (endedAt && endedAt < startedAt) throw badInput(`${within}endedAt`, 'A visit cannot end before it began.');
}

function same(visit: Visit, field: keyof Visit & string, value: unknown): boolean {
  if ((sealed as readonly string[]).includes(field)) return holdsSame(visit, field, value);
  const current = visit[field] as unknown;
  return current instanceof Date && value instanceof Date ? current.getTime() === value.getTime() : current === value;
}
