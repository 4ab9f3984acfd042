import type { AuditFilter, AuditOutcome, Role } from '../../gql/graphql';

/** What somebody looks for in the log, as the fields hold it. */
export interface Wanted {
  action: string | null;
  outcome: AuditOutcome | null;
  from: string | null;
  to: string | null;
  role: Role | null;
  actorId: string;
  patientId: string;
  targetId: string;
  targetType: string;
  operation: string;
  field: string;
  purpose: string;
  requestId: string;
  ip: string;
  fromIndex: string;
  toIndex: string;
}

export const everything: Wanted = {
  action: null,
  outcome: null,
  from: null,
  to: null,
  role: null,
  actorId: '',
  patientId: '',
  targetId: '',
  targetType: '',
  operation: '',
  field: '',
  purpose: '',
  requestId: '',
  ip: '',
  fromIndex: '',
  toIndex: '',
};

/** Filters asked for less often, behind a button of their own. */
export const rareFilters = [
  'role',
  'actorId',
  'patientId',
  'operation',
  'field',
  'purpose',
  'targetType',
  'targetId',
  'requestId',
  'ip',
  'fromIndex',
  'toIndex',
] as const satisfies (keyof Wanted)[];

const ids = ['actorId', 'patientId', 'targetId'] as const;
const texts = ['operation', 'field', 'purpose', 'targetType', 'requestId', 'ip'] as const;
const places = ['fromIndex', 'toIndex'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const whole = /^\d{1,9}$/;

/** True for a text that the server takes for this filter, or none. */
export function isSound(name: keyof Wanted, text: string): boolean {
  if (text === '') return true;
  if ((ids as readonly string[]).includes(name)) return uuid.test(text);
  return (places as readonly string[]).includes(name) ? whole.test(text) : true;
}

/** What the server is asked for. Days are the reader's: from their midnight to the next. What is not sound is left out. */
export function filterOf(wanted: Wanted): AuditFilter {
  const dayAfter = wanted.to ? new Date(`${wanted.to}T00:00`) : null;
  dayAfter?.setDate(dayAfter.getDate() + 1);
  const given = [...ids, ...texts].filter((name) => wanted[name] !== '' && isSound(name, wanted[name]));
  const numbers = places.filter((name) => wanted[name] !== '' && isSound(name, wanted[name]));
  return {
    ...Object.fromEntries(given.map((name) => [name, wanted[name]])),
    ...Object.fromEntries(numbers.map((name) => [name, Number(wanted[name]) + (name === 'toIndex' ? 1 : 0)])),
    ...(wanted.role ? { role: wanted.role } : {}),
    ...(wanted.action ? { action: wanted.action } : {}),
    ...(wanted.outcome ? { outcome: wanted.outcome } : {}),
    ...(wanted.from ? { from: new Date(`${wanted.from}T00:00`).toISOString() } : {}),
    ...(dayAfter ? { to: dayAfter.toISOString() } : {}),
  };
}
