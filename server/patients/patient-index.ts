import type { EntityManager } from 'typeorm';
import {
  nameTerms,
  normaliseEmail,
  normaliseIdentifier,
  normaliseMrn,
  normaliseName,
  normalisePhone,
  searchTerm,
} from '../crypto/normalise';
import type { TokenKeys } from '../crypto/tokens';
import { privately } from '../database/sealed-column';
import type { Patient } from './patient.entity';

/** One search term: the tokens any of which finds it, and the check that confirms a hit on the opened record. */
export interface SearchTerm {
  tokens: Buffer[];
  confirms: (patient: Patient) => boolean;
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const YEAR = /^(18|19|20)\d{2}$/;
const PHONE_LIKE = /^[+(\d][\d ()./-]{4,}$/;

/** Keyed tokens by which patients are found without anything being stored in clear. */
export class PatientIndex {
  constructor(private readonly keys: TokenKeys) {}

  mrnToken(mrn: string): Buffer {
    return this.keys.token('mrn', normaliseMrn(mrn));
  }

  identifierToken(system: string, value: string): Buffer {
    return this.keys.token('identifier', normaliseIdentifier(system, value));
  }

  /** Every token of a patient; opens the fields it indexes. */
  tokensOf(patient: Patient): Buffer[] {
    const tokens = [this.mrnToken(patient.mrn)];
    for (const term of namesOf(patient).flatMap(nameTerms)) tokens.push(this.keys.token('name', term));
    for (const { system, value } of patient.identifiers ?? []) {
      tokens.push(this.identifierToken(system, value), this.identifierToken('', value));
    }
    if (patient.phone) tokens.push(this.keys.token('phone', normalisePhone(patient.phone)));
    if (patient.email) tokens.push(this.keys.token('email', normaliseEmail(patient.email)));
    if (patient.birthDate) {
      tokens.push(
        this.keys.token('birth-date', patient.birthDate),
        this.keys.token('birth-year', patient.birthDate.slice(0, 4)),
      );
    }
    return distinct(tokens);
  }

  /** Replaces what is stored of these patients by what they are found by now, in the caller's transaction. */
  async put(manager: EntityManager, patients: readonly Patient[]): Promise<void> {
    const rows = privately(() =>
      patients.flatMap((patient) => this.tokensOf(patient).map((token) => ({ id: patient.id, token }))),
    );
    const ids = patients.map(({ id }) => id);
    await manager.query('DELETE FROM patient_token WHERE patient_id = ANY($1::uuid[])', [ids]);
    await manager.query('INSERT INTO patient_token (token, patient_id) SELECT * FROM unnest($1::bytea[], $2::uuid[])', [
      rows.map(({ token }) => token),
      rows.map(({ id }) => id),
    ]);
  }

  /** Reads what somebody typed into the search box. Every term must match; an empty list means: nothing to search for. */
  termsOf(search: string): SearchTerm[] {
    const typed = search.trim();
    if (typed === '') return [];
    if (PHONE_LIKE.test(typed) && !ISO_DATE.test(typed)) return [this.numberTerm(typed)];
    const terms = typed
      .split(/[\s,;]+/)
      .filter(Boolean)
      .flatMap((word) => this.wordTerms(word));
    return terms.length > 0 ? terms : [nobody];
  }

  private wordTerms(word: string): SearchTerm[] {
    if (ISO_DATE.test(word)) {
      return [{ tokens: [this.keys.token('birth-date', word)], confirms: (patient) => patient.birthDate === word }];
    }
    if (word.includes('@')) {
      const email = normaliseEmail(word);
      const confirms = (patient: Patient) => patient.email !== null && normaliseEmail(patient.email) === email;
      return [{ tokens: [this.keys.token('email', email)], confirms }];
    }
    if (/\d/.test(word)) return [this.numberOrNameTerm(word)];
    return normaliseName(word).map((part) => this.nameTerm(part));
  }

  /** Letters with digits are mostly a number, but in made-up records also a name: Marine542. */
  private numberOrNameTerm(word: string): SearchTerm {
    const number = this.numberTerm(word);
    const [part, ...more] = normaliseName(word);
    if (!part || more.length > 0 || !/\p{L}/u.test(part)) return number;
    const name = this.nameTerm(part);
    const confirms = (patient: Patient) => number.confirms(patient) || name.confirms(patient);
    return { tokens: [...number.tokens, ...name.tokens], confirms };
  }

  /** A part of the name from its beginning: `and` finds Anders. */
  private nameTerm(part: string): SearchTerm {
    const term = searchTerm(part);
    return {
      tokens: [this.keys.token('name', term)],
      confirms: (patient) => {
        const names = namesOf(patient);
        return (
          names.flatMap(normaliseName).some((word) => word.startsWith(part)) || names.flatMap(nameTerms).includes(term)
        );
      },
    };
  }

  /** Digits may be a record number, an identifier, a phone number or a birth year. */
  private numberTerm(typed: string): SearchTerm {
    const mrn = normaliseMrn(typed);
    const phone = normalisePhone(typed);
    const identifier = normaliseIdentifier('', typed);
    const tokens = [this.keys.token('mrn', mrn), this.identifierToken('', typed)];
    if (phone.length >= 5) tokens.push(this.keys.token('phone', phone));
    if (YEAR.test(typed)) tokens.push(this.keys.token('birth-year', typed));
    return {
      tokens,
      confirms: (patient) =>
        normaliseMrn(patient.mrn) === mrn ||
        (patient.identifiers ?? []).some(({ value }) => normaliseIdentifier('', value) === identifier) ||
        (patient.phone !== null && normalisePhone(patient.phone) === phone) ||
        (patient.birthDate !== null && patient.birthDate.slice(0, 4) === typed),
    };
  }
}

/** What was typed holds nothing that anybody could be found by, such as `%`: not the same as asking for everybody. */
const nobody: SearchTerm = { tokens: [], confirms: () => false };

function namesOf(patient: Patient): string[] {
  return [patient.name.family, ...patient.name.given];
}

function distinct(tokens: Buffer[]): Buffer[] {
  return [...new Map(tokens.map((token) => [hex(token), token])).values()];
}

function hex(token: Buffer): string {
  return token.toString('hex');
}
