import { type EmergencyContact, Gender, MRN, type CreatePatientInput, type HumanName } from '../../patients';
import { checkedPatient } from './checked';
import { codingsOf, dayOf, identifiersOf, mapped, momentOf, wordsOf, type SystemValue } from './datatypes';
import { Fault, type Note } from './fault';
import { asObject, asText, objectsOf, textsOf, type Json } from './json';

const genders: Readonly<Record<string, Gender>> = {
  male: Gender.MALE,
  female: Gender.FEMALE,
  other: Gender.OTHER,
  unknown: Gender.UNKNOWN,
};

/** System of the identifier given to a resource that has none: its id in the source. */
export const ownIdSystem = (type: string) => `urn:fhir:${type}`;

/**
 * A FHIR R4 Patient as registration takes it. Throws Fault when it cannot be registered; what can be left out without
 * changing the rest is noted instead.
 */
export function mapPatient(resource: Json, note: Note): CreatePatientInput {
  const telecom = objectsOf(resource.telecom);
  return checkedPatient({
    mrn: recordNumberOf(resource),
    name: nameOf(resource),
    birthDate: birthDateOf(resource, note),
    gender: asText(resource.gender) === null ? Gender.UNKNOWN : mapped(genders, asText(resource.gender), 'gender'),
    phone: contactPoint(telecom, ['phone', 'sms']),
    email: contactPoint(telecom, ['email']),
    address: addressOf(resource),
    emergencyContact: contactOf(resource),
    identifiers: patientIdentifiers(resource),
    deceasedAt: deceasedOf(resource, note),
  });
}

/** What the patient is found by again: its identifiers, or its id in the source when it has none. Throws Fault without either. */
export function patientIdentifiers(resource: Json): SystemValue[] {
  const identifiers = identifiersOf(resource);
  if (identifiers.length > 0) return identifiers;
  const id = asText(resource.id);
  if (!id) throw new Fault('neither an identifier with system and value nor an id');
  return [{ system: ownIdSystem('Patient'), value: id }];
}

/** The identifier of type MR (HL7 v2-0203) when it has the form of our record numbers; otherwise ours are given. */
export function recordNumberOf(resource: Json): string | undefined {
  const isRecordNumber = ({ type }: Json) => codingsOf(type).some(({ code }) => code === 'MR');
  const values = objectsOf(resource.identifier).filter(isRecordNumber).map(({ value }) => asText(value)); // prettier-ignore
  return values.find((value) => value !== null && MRN.test(value)) ?? undefined;
}

const nameUses = ['official', 'usual'];

function nameOf(resource: Json): HumanName {
  const names = objectsOf(resource.name).filter(({ use }) => use !== 'old' && use !== 'maiden');
  const byUse = nameUses.map((use) => names.find((name) => name.use === use)).find(Boolean);
  const name = byUse ?? names[0] ?? objectsOf(resource.name)[0];
  if (!name) throw new Fault('name is missing');
  const given = textsOf(name.given);
  const family = asText(name.family) ?? (given.length === 0 ? asText(name.text) : null);
  if (!family) throw new Fault('name.family is missing');
  return { family, given, prefix: textsOf(name.prefix).join(' ') || undefined };
}

function birthDateOf(resource: Json, note: Note): string | undefined {
  const day = dayOf(resource.birthDate, 'birthDate');
  if (day === null && asText(resource.birthDate) !== null) note('birthDate is not a whole date and was left out');
  return day ?? undefined;
}

/** The current one that ranks first. */
function contactPoint(telecom: Json[], systems: string[]): string | undefined {
  const rank = ({ rank: given }: Json) => (typeof given === 'number' ? given : 99);
  const fitting = telecom.filter(({ system, use }) => systems.includes(asText(system) ?? '') && use !== 'old');
  return fitting.sort((one, other) => rank(one) - rank(other)).map(({ value }) => asText(value)).find((value) => value !== null) ?? undefined; // prettier-ignore
}

function addressOf(resource: Json): CreatePatientInput['address'] {
  const addresses = objectsOf(resource.address).filter(({ use }) => use !== 'old');
  const address = addresses.find(({ use }) => use === 'home') ?? addresses[0];
  if (!address) return undefined;
  const text = asText(address.text);
  const line = textsOf(address.line);
  const part = (member: string) => asText(address[member]) ?? undefined;
  return {
    line: line.length === 0 && text ? [text] : line,
    city: part('city'),
    state: part('state'),
    postalCode: part('postalCode'),
    country: part('country'),
  };
}

function contactOf(resource: Json): EmergencyContact | undefined {
  const contacts = objectsOf(resource.contact);
  const emergency = ({ relationship }: Json) =>
    objectsOf(relationship).some((role) => codingsOf(role).some(({ code }) => code === 'C')); // v2-0131: emergency contact
  const contact = contacts.find(emergency) ?? contacts[0];
  const name = asObject(contact?.name);
  if (!contact || !name) return undefined;
  const full = asText(name.text) ?? [...textsOf(name.given), asText(name.family)].filter(Boolean).join(' ');
  if (!full) return undefined;
  const relationship = objectsOf(contact.relationship).map(wordsOf).find(Boolean) ?? undefined;
  return { name: full, relationship, phone: contactPoint(objectsOf(contact.telecom), ['phone', 'sms']) };
}

/** `deceasedBoolean` says no time: then the moment the source last knew of the patient stands for it. */
function deceasedOf(resource: Json, note: Note): Date | undefined {
  const told = momentOf(resource.deceasedDateTime, 'deceasedDateTime');
  if (told || resource.deceasedBoolean !== true) return told ?? undefined;
  const known = momentOf(asObject(resource.meta)?.lastUpdated, 'meta.lastUpdated');
  if (!known) note('deceasedBoolean without a time of death, so the death was left out');
  return known ?? undefined;
}
