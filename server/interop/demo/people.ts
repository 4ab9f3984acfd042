import {
  AllergySeverity,
  Gender,
  type Address,
  type Allergy,
  type EmergencyContact,
  type HumanName,
} from '../../patients';
import type { Chance } from './chance';

const families = [
  'Abara', 'Almeida', 'Andersen', 'Baptiste', 'Bergqvist', 'Castellanos', 'Chowdhury', 'Corrigan', 'Danjuma', 'Delacroix',
  'Dvořák', 'Eklund', 'Faulkner', 'Ferrante', 'Goldfarb', 'Grünwald', 'Hashimoto', 'Holloway', 'Ibáñez', 'Iversen',
  'Jankowski', 'Kaplan', 'Karlsen', 'Kowalczyk', 'Laurent', 'Lindgren', 'MacAllister', 'Marchetti', 'Mbeki', 'Moreau',
  'Nakagawa', 'Novotný', 'O’Halloran', 'Okonkwo', 'Oyelaran', 'Papadakis', 'Pemberton', 'Qureshi', 'Ramaswamy', 'Rasmussen',
  'Rosenthal', 'Sandoval', 'Sørensen', 'Thistlewood', 'Tremblay', 'Uchida', 'Vandermeer', 'Villanueva', 'Whitcombe', 'Yıldız',
  'Zielinski', 'Ashdown-Price', 'Birkett', 'Carmody', 'Farouk', 'Haddad', 'Keane', 'Maldonado', 'Nwosu', 'Svensson',
]; // prettier-ignore

const givenNames: Record<'MALE' | 'FEMALE', readonly string[]> = {
  FEMALE: [
    'Adaeze', 'Agnes', 'Amelia', 'Anneli', 'Beatriz', 'Camille', 'Chiara', 'Dorothea', 'Edith', 'Elif', 'Fatima', 'Freya', 'Grace',
    'Hana', 'Ingrid', 'Ines', 'Joan', 'Karin', 'Leila', 'Lucía', 'Mabel', 'Margit', 'Maya', 'Nadia', 'Ngozi', 'Odile', 'Priya',
    'Renée', 'Rosalind', 'Sakura', 'Sofia', 'Tamsin', 'Ursula', 'Vera', 'Wilma', 'Yasmin', 'Zofia',
  ],
  MALE: [
    'Aarav', 'Albert', 'Anders', 'Baraka', 'Bruno', 'Cedric', 'Chidi', 'Dimitri', 'Edmund', 'Emre', 'Felix', 'Gareth', 'Giorgio',
    'Harold', 'Hugo', 'Ibrahim', 'Isak', 'Jakub', 'Jean-Luc', 'Kenji', 'Kofi', 'Lars', 'Leopold', 'Mateo', 'Milan', 'Nikhil', 'Olav',
    'Oscar', 'Percy', 'Rafael', 'Rashid', 'Stellan', 'Tariq', 'Thaddeus', 'Uwe', 'Victor', 'Yusuf',
  ],
}; // prettier-ignore

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

/** One age from each part of life in turn, so that even sixty people fill every band. */
const ages = [[0, 9], [10, 19], [20, 29], [30, 39], [40, 49], [50, 59], [60, 69], [70, 79], [65, 84], [80, 96]] as const; // prettier-ignore

/** Makes up the person of this number as of a day. Phones are from the 555-01xx range kept for fiction, e-mails under `.example` (RFC 2606). */
export function makePerson(chance: Chance, number: number, today: Date): Person {
  const gender = genderOf(chance, number);
  const given =
    givenNames[gender === Gender.MALE || (gender !== Gender.FEMALE && chance.often(0.5)) ? 'MALE' : 'FEMALE'];
  const family = chance.pick(families);
  const names = chance.often(0.35) ? [chance.pick(given), chance.pick(given)] : [chance.pick(given)];
  const [youngest, oldest] = ages[number % ages.length]!;
  const age = chance.whole(youngest, oldest);
  const adult = age >= 18;
  return {
    name: { family, given: [...new Set(names)], prefix: adult && chance.often(0.1) ? 'Dr' : null },
    gender,
    age,
    birthDate: birthDateOf(chance, age, today),
    phone: chance.often(0.92) ? phone(chance) : null,
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
  const given = chance.pick([...givenNames.FEMALE, ...givenNames.MALE]);
  const relationship = adult ? chance.pick(relations) : chance.pick(['Mother', 'Father', 'Guardian']);
  return { name: `${given} ${chance.often(0.7) ? family : chance.pick(families)}`, relationship, phone: phone(chance) };
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
  return `+1 ${chance.whole(201, 989)} 555 01${String(chance.whole(0, 99)).padStart(2, '0')}`;
}

function ascii(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[ıøØ]/g, (letter) => ({ ı: 'i', ø: 'o', Ø: 'o' })[letter] ?? '')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}
