import {
  AllergySeverity,
  Gender,
  type Address,
  type Allergy,
  type EmergencyContact,
  type HumanName,
} from '../../patients';
import type { Chance } from './chance';
import { pickFamily, pickGiven } from './names';

const streets = [
  'Alder Row', 'Bellweather Lane', 'Canal Walk', 'Cobblers Yard', 'Dunmore Street', 'Elmhurst Avenue', 'Foundry Road', 'Glebe Terrace',
  'Harbour View', 'Juniper Close', 'Kestrel Way', 'Lantern Hill', 'Mill Pond Road', 'Northgate', 'Orchard Rise', 'Priory Lane',
]; // prettier-ignore

/** Made-up towns, each with the beginning of its postal codes. */
const towns = [
  ['Eastmere', '04'], ['Fallowbridge', '11'], ['Grenholm', '23'], ['Hartwick Bay', '37'], ['Lowmoor', '48'], ['Saltney Cross', '56'],
  ['Thornbury Vale', '72'], ['Wexcombe', '89'],
] as const; // prettier-ignore

const relations = ['Spouse', 'Daughter', 'Son', 'Sister', 'Brother', 'Partner', 'Neighbour', 'Mother', 'Father'];

const allergies: readonly Allergy[] = [
  { substance: 'Penicillin', reaction: 'Urticaria within an hour', severity: AllergySeverity.MODERATE },
  { substance: 'Penicillin', reaction: 'Anaphylaxis', severity: AllergySeverity.SEVERE },
  { substance: 'Peanut', reaction: 'Anaphylaxis; carries an adrenaline pen', severity: AllergySeverity.SEVERE },
  { substance: 'Ibuprofen', reaction: 'Wheeze', severity: AllergySeverity.MODERATE },
  { substance: 'Latex', reaction: 'Contact dermatitis', severity: AllergySeverity.MILD },
  { substance: 'Sulfamethoxazole', reaction: 'Rash', severity: AllergySeverity.MODERATE },
  { substance: 'Iodinated contrast', reaction: 'Flushing and nausea', severity: AllergySeverity.MILD },
  { substance: 'Codeine', reaction: null, severity: AllergySeverity.UNKNOWN },
  { substance: 'Bee venom', reaction: 'Large local swelling', severity: AllergySeverity.MODERATE },
  { substance: 'Egg', reaction: 'Hives as a child', severity: AllergySeverity.MILD },
];

/** Who somebody is, before anything clinical. */
export interface Person {
  name: HumanName;
  gender: Gender;
  /** Whole years. */
  age: number;
  birthDate: string;
  phone: string | null;
  email: string | null;
  address: Address;
  emergencyContact: EmergencyContact | null;
  allergies: Allergy[];
}

/** Areas 201 to 989 with a hundred numbers each. */
const FICTIONAL = 78_900;
/** Coprime to it, so that neighbours do not have neighbouring numbers and nobody has another's. */
const SCATTER = 45_677;
/** How many are called by two families. */
const DOUBLE_NAMED = 0.02;

/** One age from each part of life in turn, so that even sixty people fill every band. */
const ages = [[0, 9], [10, 19], [20, 29], [30, 39], [40, 49], [50, 59], [60, 69], [70, 79], [65, 84], [80, 101]] as const; // prettier-ignore

/** Makes up the person of this number as of a day. Phones belong to nobody, e-mails are under `.example` (RFC 2606). */
export function makePerson(chance: Chance, number: number, today: Date): Person {
  const gender = genderOf(chance, number);
  const called = gender === Gender.MALE || (gender !== Gender.FEMALE && chance.often(0.5)) ? 'MALE' : 'FEMALE';
  const family = chance.often(DOUBLE_NAMED) ? `${pickFamily(chance)}-${pickFamily(chance)}` : pickFamily(chance);
  const names = Array.from({ length: chance.often(0.35) ? 2 : 1 }, () => pickGiven(chance, called));
  const [youngest, oldest] = ages[number % ages.length]!;
  const age = chance.whole(youngest, oldest);
  const adult = age >= 18;
  return {
    name: { family, given: [...new Set(names)], prefix: adult && chance.often(0.1) ? 'Dr' : null },
    gender,
    age,
    birthDate: birthDateOf(chance, age, today),
    phone: chance.often(0.92) ? ownPhone(number) : null,
    email: adult && age < 80 && chance.often(0.7) ? `${ascii(names[0]!)}.${ascii(family)}${number}@post.example` : null,
    address: makeAddress(chance),
    emergencyContact: adult && chance.often(0.3) ? null : makeContact(chance, family, adult),
    allergies: pickAllergies(chance),
  };
}

function genderOf(chance: Chance, number: number): Gender {
  if (number % 29 === 0) return Gender.OTHER;
  if (number % 41 === 0) return Gender.UNKNOWN;
  return chance.often(0.52) ? Gender.FEMALE : Gender.MALE;
}

function birthDateOf(chance: Chance, age: number, today: Date): string {
  const born = new Date(today);
  born.setUTCFullYear(born.getUTCFullYear() - age);
  born.setUTCDate(born.getUTCDate() - chance.whole(age === 0 ? 20 : 0, age === 0 ? 340 : 364));
  return born.toISOString().slice(0, 10);
}

function makeAddress(chance: Chance): Address {
  const [city, code] = chance.pick(towns);
  const line = [`${chance.whole(1, 188)} ${chance.pick(streets)}`];
  if (chance.often(0.2)) line.push(`Flat ${chance.whole(1, 24)}`);
  return {
    line,
    city,
    state: 'Northshire',
    postalCode: `${code}${chance.whole(100, 999)}`,
    country: 'Example Country',
  };
}

function makeContact(chance: Chance, family: string, adult: boolean): EmergencyContact {
  const given = pickGiven(chance, chance.often(0.5) ? 'FEMALE' : 'MALE');
  const relationship = adult ? chance.pick(relations) : chance.pick(['Mother', 'Father', 'Guardian']);
  return { name: `${given} ${chance.often(0.7) ? family : pickFamily(chance)}`, relationship, phone: phone(chance) };
}

function pickAllergies(chance: Chance): Allergy[] {
  const count = chance.often(0.6) ? 0 : chance.often(0.75) ? 1 : 2;
  const picked = new Map<string, Allergy>();
  while (picked.size < count) {
    const allergy = chance.pick(allergies);
    picked.set(allergy.substance, allergy);
  }
  return [...picked.values()];
}

function phone(chance: Chance): string {
  return fictional(chance.whole(0, FICTIONAL - 1));
}

/** No two patients have one number. Where the fictional ones end, those of the calling code that belongs to no country follow. */
function ownPhone(number: number): string {
  if (number < FICTIONAL) return fictional((number * SCATTER) % FICTIONAL);
  const digits = String(number).padStart(9, '0');
  return `+999 ${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}

/** `+1 NXX 555 01XX`: the hundred numbers of each area kept for fiction. */
function fictional(place: number): string {
  return `+1 ${201 + Math.floor(place / 100)} 555 01${String(place % 100).padStart(2, '0')}`;
}

function ascii(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[ıøØ]/g, (letter) => ({ ı: 'i', ø: 'o', Ø: 'o' })[letter] ?? '')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}
