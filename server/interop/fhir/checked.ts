import { validateSync } from 'class-validator';
import {
  Address,
  Allergy,
  CreatePatientInput,
  EmergencyContact,
  HumanName,
  Identifier,
  Medication,
  Problem,
} from '../../patients';
import { CreateVisitInput, Vitals } from '../../visits';
import { Fault, rulesBroken } from './fault';

/** Classes of the nested values: validation follows instances only. */
const nested = new Map<string, new () => object>([
  ['name', HumanName],
  ['address', Address],
  ['emergencyContact', EmergencyContact],
  ['identifiers', Identifier],
  ['allergies', Allergy],
  ['problems', Problem],
  ['medications', Medication],
  ['vitals', Vitals],
]);

/**
 * The value as an instance of the class that GraphQL takes, under the same rules. Throws Fault naming the rules it breaks.
 */
export function checked<T extends object>(type: new () => T, value: T): T {
  const instance = instanceOf(type, value);
  const errors = validateSync(instance, { forbidUnknownValues: false });
  if (errors.length > 0) throw new Fault(rulesBroken(errors).join('; '));
  return instance;
}

export const checkedPatient = (value: CreatePatientInput) => checked(CreatePatientInput, value);
export const checkedVisit = (value: CreateVisitInput) => checked(CreateVisitInput, value);

function instanceOf<T extends object>(type: new () => T, value: object): T {
  const members = Object.entries(value).map(([member, held]: [string, unknown]) => {
    const inner = nested.get(member);
    if (!inner || typeof held !== 'object' || held === null || held instanceof inner) return [member, held];
    return [
      member,
      Array.isArray(held) ? held.map((item: object) => instanceOf(inner, item)) : instanceOf(inner, held),
    ];
  });
  return Object.assign(new type(), Object.fromEntries(members));
}
