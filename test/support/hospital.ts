import type { Logger } from 'pino';
import type { Role } from '../../server/graphql/context';
import { asSuperuser } from './superuser';
import { Browser, openFrontDesk, type Colleague, type FrontDesk } from './front-desk';

/** Everybody in the tests, and what they are. */
export const staff = {
  adeyemi: ['Dr Adeyemi', 'DOCTOR'],
  okonkwo: ['Dr Okonkwo', 'DOCTOR'],
  okafor: ['Clinician Okafor', 'CLINICIAN'],
  lindqvist: ['Nurse Lindqvist', 'NURSE'],
  park: ['Admin Park', 'ADMIN'],
  brandt: ['Auditor Brandt', 'AUDITOR'],
  lab: ['Laboratory Link', 'INTEGRATION'],
} as const satisfies Record<string, readonly [string, Role]>;

export type Name = keyof typeof staff;

export interface Patient {
  id: string;
  version: number;
  mrn: string;
}

export interface Visit {
  id: string;
  version: number;
}

/** Somebody at a screen of the hospital. */
export class Person extends Browser {
  /** The answer's data; fails the test when there was any error. */
  async get<T = Record<string, never>>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, error, body } = await this.ask(query, variables);
    if (error ?? !data) throw new Error(`${query.slice(0, 200)} answered ${body.slice(0, 2000)}`);
    return data as T;
  }

  /** Runs a mutation that takes one input; answers its payload. */
  async do<T = { id: string; version: number }>(
    mutation: keyof typeof inputTypes,
    input: Record<string, unknown>,
    selection = '{ id version }',
  ): Promise<T> {
    const data = await this.get<Record<string, T>>(mutationText(mutation, selection), { input });
    return data[mutation] as T;
  }

  /** Runs a mutation; answers the code it was refused with, undefined when it was not. */
  async refused(mutation: keyof typeof inputTypes, input: Record<string, unknown>, selection = '{ id }') {
    return (await this.ask(mutationText(mutation, selection), { input })).code;
  }
}

export const inputTypes = {
  createPatient: 'CreatePatientInput',
  updatePatient: 'UpdatePatientInput',
  deletePatient: 'DeletePatientInput',
  restorePatient: 'RestorePatientInput',
  createVisit: 'CreateVisitInput',
  updateVisit: 'UpdateVisitInput',
  amendVisit: 'AmendVisitInput',
  deleteVisit: 'DeleteVisitInput',
  recordVitals: 'RecordVitalsInput',
  recordTreatment: 'RecordTreatmentInput',
  addCareTeamMember: 'CareTeamInput',
  removeCareTeamMember: 'CareTeamInput',
} as const;

export function mutationText(mutation: keyof typeof inputTypes, selection: string): string {
  return `mutation ($input: ${inputTypes[mutation]}!) { ${mutation}(input: $input) ${selection} }`;
}

/** A hospital of its own for a test file, with everybody signed in. */
export class Hospital {
  /** Not signed in. */
  readonly stranger: Person;
  private readonly people = new Map<Name, Person>();
  private readonly accounts = new Map<Name, Colleague>();
  private addresses = 0;

  private constructor(readonly desk: FrontDesk) {
    this.stranger = this.visitor();
  }

  /** A hospital of its own; or, with `beside`, another server of one there is: same settings, same people. */
  static async open(settings: Record<string, string> = {}, logger?: Logger, beside?: Hospital): Promise<Hospital> {
    const hospital = new Hospital(await openFrontDesk(settings, logger));
    for (const [name, [fullName, role]] of Object.entries(staff)) {
      const account = beside?.account(name as Name) ?? (await hospital.desk.hire(fullName, role));
      hospital.accounts.set(name as Name, account);
    }
    await hospital.signEverybodyIn();
    return hospital;
  }

  get runtime() {
    return this.desk.runtime;
  }

  as(name: Name): Person {
    return this.people.get(name)!;
  }

  idOf(name: Name): string {
    return this.accounts.get(name)!.id;
  }

  account(name: Name): Colleague {
    return this.accounts.get(name)!;
  }

  /** Somebody at an address of their own, not signed in yet. */
  visitor(): Person {
    return new Person(this.desk, `198.51.100.${(this.addresses += 1)}`);
  }

  /** Again, after the clock was moved. */
  async signEverybodyIn(): Promise<void> {
    for (const [name, account] of this.accounts) {
      const person = this.visitor();
      await person.signIn(account);
      this.people.set(name, person);
    }
  }

  /** Registers a patient; whoever registers is on the care team, and `team` joins it. */
  async patient(input: Record<string, unknown> = {}, by: Name = 'adeyemi', team: Name[] = []): Promise<Patient> {
    const wanted = { name: { family: 'Lindgren', given: ['Astrid'] }, gender: 'FEMALE', ...input };
    const patient = await this.as(by).do<Patient>('createPatient', wanted, '{ id version mrn }');
    for (const name of team) {
      await this.as('park').do('addCareTeamMember', { patientId: patient.id, userId: this.idOf(name) });
    }
    return patient;
  }

  visit(patient: Patient, input: Record<string, unknown> = {}, by: Name = 'adeyemi'): Promise<Visit> {
    const wanted = { patientId: patient.id, type: 'AMBULATORY', startedAt: '2026-03-01T09:00:00Z', ...input };
    return this.as(by).do('createVisit', wanted);
  }

  treatment(patient: Patient, text: string, by: Name = 'adeyemi'): Promise<{ id: string }> {
    return this.as(by).do('recordTreatment', { patientId: patient.id, text, status: 'ONGOING' }, '{ id }');
  }

  /** Rows of a statement that goes past the application. */
  sql<T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> {
    return asSuperuser<T>(this.runtime, text, values);
  }

  /** One figure of a statement. */
  async count(text: string, values: unknown[] = []): Promise<number> {
    return Number(Object.values((await this.sql(text, values))[0] ?? {})[0]);
  }

  /** Every entry of the log so far, sealed or on its way, oldest first. */
  async entries(): Promise<Entry[]> {
    const rows = await this.sql<{ entry: Buffer }>(
      `SELECT entry FROM (SELECT 0 AS late, index AS n, entry FROM audit_entry
         UNION ALL SELECT 1, id, entry FROM audit_pending) AS e ORDER BY late, n`,
    );
    return rows.map(({ entry }) => JSON.parse(entry.toString('utf8')) as Entry);
  }

  /** Entries written while `work` ran, by whoever did it, signing in left out. */
  async entriesOf(work: () => Promise<unknown>): Promise<Entry[]> {
    const known = new Set((await this.entries()).map(({ id }) => id));
    await work();
    return (await this.entries()).filter(({ id }) => !known.has(id));
  }

  /** Waits until everything so far is under a checkpoint. */
  async signed(): Promise<void> {
    const unsigned = `SELECT (SELECT count(*) FROM audit_pending) + (SELECT h.size - h.first_index - coalesce(max(c.size), 0)
      FROM audit_head h LEFT JOIN audit_newest_checkpoint c ON true GROUP BY h.size, h.first_index)`;
    while ((await this.count(unsigned)) > 0) await new Promise((done) => setTimeout(done, 50));
  }

  close(): Promise<void> {
    return this.desk.close();
  }
}

/** An entry of the log, as much as tests look at. */
export interface Entry {
  id: string;
  a: string;
  k: string;
  by: { k: string; u: string | null; r: string | null };
  f: string[];
  ip: string | null;
  o: { t: string; i: string | null } | null;
  p: string[];
  q: string | null;
  w: string;
  why: string | null;
  /** When, RFC 3339. */
  t: string;
}
