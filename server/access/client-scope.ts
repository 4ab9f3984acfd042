import type { ActorScope } from '../graphql/context';
import type { Permission } from './permissions';

interface ScopeRule {
  /** What it says, for people who choose it. */
  meaning: string;
  /** What of the role's permissions it needs. */
  permissions: readonly Permission[];
  /** Column groups by which it can be narrowed; it is about all of them where none is named. */
  groups: readonly string[];
  /** Column groups it shows in any case, since its own answers tell them. */
  shows: readonly string[];
  /** Kind of row, in the words of the log, of which it may set the columns of its groups; left out by what only reads. */
  sets?: string;
}

const identity = ['mrn', 'name', 'birthDate', 'gender'];
const contact = ['phone', 'email', 'address', 'emergencyContact', 'identifiers', 'deceasedAt'];
const clinical = ['allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory'];
const visit = ['reason', 'notes', 'visitDiagnosis', 'vitals'];

/** Every scope there is. A scope with a colon and column groups, such as `patient.read:name,birthDate`, is that much of it. */
export const scopeCatalogue: Readonly<Record<string, ScopeRule>> = {
  'patient.read': {
    meaning: 'Read patients’ records.',
    permissions: ['PATIENT_READ'],
    groups: [...identity, ...contact, ...clinical, 'careTeam'],
    shows: [],
  },
  'patient.search': {
    meaning: 'Find patients by names, numbers and dates; what is found tells as much as what is read.',
    permissions: ['PATIENT_READ'],
    groups: [],
    shows: ['search'],
  },
  'patient.write': {
    meaning: 'Register patients and edit their demographics.',
    permissions: ['PATIENT_READ', 'PATIENT_WRITE'],
    groups: [...identity, ...contact],
    shows: [],
    sets: 'patient',
  },
  'visit.read': {
    meaning: 'Read visits.',
    permissions: ['PATIENT_READ'],
    groups: [...visit, 'amendments'],
    shows: ['visits'],
  },
  'visit.write': {
    meaning: 'Write, edit and amend visits.',
    permissions: ['PATIENT_READ', 'VISIT_WRITE', 'VISIT_AMEND'],
    groups: visit,
    shows: ['visits'],
    sets: 'visit',
  },
  'vitals.write': {
    meaning: 'Add measurements to open visits.',
    permissions: ['PATIENT_READ', 'VITALS_WRITE'],
    groups: [],
    shows: ['visits'],
    sets: 'visit',
  },
  'treatment.read': {
    meaning: 'Read treatment updates.',
    permissions: ['PATIENT_READ'],
    groups: [],
    shows: ['treatment'],
  },
};

/** Columns with a value about a person, which only a scope that names them may set; all others are workflow. */
const guarded: Readonly<Record<string, ReadonlySet<string>>> = {
  patient: new Set([...identity, ...contact, ...clinical, 'deleteReason', 'confidentialReason']),
  visit: new Set(visit),
};

/** Columns whose group has another name. */
const renamed: Readonly<Record<string, string>> = { 'visit diagnosis': 'visitDiagnosis' };

/** What an API client was allowed, as a set of scopes and the column groups of each. Denies what is not in it. */
export class ClientScope implements ActorScope {
  private constructor(
    private readonly scopes: ReadonlyMap<string, ReadonlySet<string>>,
    readonly patients: readonly string[] | null,
  ) {}

  /**
   * Reads scopes such as `patient.read:name,birthDate`. Null when one is unknown, or names a column group it has not.
   *
   * @param patients the only patients it is about; null: all who are not confidential
   */
  static parse(texts: readonly string[], patients: readonly string[] | null): ClientScope | null {
    const scopes = new Map<string, Set<string>>();
    for (const text of texts) {
      const [name = '', narrowed, ...rest] = text.split(':');
      const rule = Object.hasOwn(scopeCatalogue, name) ? scopeCatalogue[name] : undefined;
      if (!rule || rest.length > 0) return null;
      const groups = narrowed === undefined ? rule.groups : narrowed.split(',');
      if (!groups.every((group) => rule.groups.includes(group))) return null;
      scopes.set(name, new Set([...(scopes.get(name) ?? []), ...groups]));
    }
    return new ClientScope(scopes, patients);
  }

  /** What both allow, for the patients of this one. */
  within(other: ClientScope): ClientScope {
    const both = [...this.scopes].flatMap(([name, groups]) => {
      const others = other.scopes.get(name);
      return others ? [[name, new Set([...groups].filter((group) => others.has(group)))] as const] : [];
    });
    return new ClientScope(new Map(both), this.patients);
  }

  /** True when the other allows nothing that this does not. */
  includes(other: ClientScope): boolean {
    return [...other.scopes].every(([name, groups]) => {
      const own = this.scopes.get(name);
      return own !== undefined && [...groups].every((group) => own.has(group));
    });
  }

  grants(permission: string): boolean {
    return this.rules().some(({ rule }) => rule.permissions.some((granted) => granted === permission));
  }

  mayOpen(group: string): boolean {
    return this.rules().some(
      ({ rule, groups }) => rule.shows.includes(group) || (rule.sets === undefined && groups.has(group)),
    );
  }

  maySet(type: string, field: string): boolean {
    const group = renamed[`${type} ${field}`] ?? field;
    if (!guarded[type]?.has(group)) return true;
    if (type === 'visit' && group === 'vitals' && this.scopes.has('vitals.write')) return true;
    return this.rules().some(({ rule, groups }) => rule.sets === type && groups.has(group));
  }

  /** As RFC 6749, 3.3, writes it: scopes with a space between. */
  toString(): string {
    return this.rules()
      .map(({ name, rule, groups }) =>
        groups.size === rule.groups.length ? name : `${name}:${[...groups].sort().join(',')}`,
      )
      .join(' ');
  }

  private rules() {
    return [...this.scopes].map(([name, groups]) => ({ name, groups, rule: scopeCatalogue[name]! }));
  }
}
