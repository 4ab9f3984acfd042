import { Gender, MedicationStatus, ProblemStatus, type CreatePatientInput, type Problem } from '../../patients';
import { TreatmentStatus } from '../../treatments';
import { VisitStatus, VisitType, type NewVisit, type Vitals } from '../../visits';
import { cases, healthy, type Case } from './cases';
import { Chance } from './chance';
import { makePerson, type Person } from './people';
import { fillIn, makeBuild, makeVitals, type Build } from './vitals';

export type CareRole = 'DOCTOR' | 'CLINICIAN' | 'NURSE';

/** System of the identifier that numbers the made-up patients: by it they are found again. */
export const DEMO_SYSTEM = 'https://chartseal.example/demo-patient';

export interface Story {
  patient: CreatePatientInput;
  /** Who is on the care team. */
  team: CareRole[];
  /** Who writes the visits. */
  author: 'DOCTOR' | 'CLINICIAN';
  /** Oldest first. */
  visits: Omit<NewVisit, 'patientId'>[];
  /** Oldest first. */
  treatments: { at: Date; text: string; status: TreatmentStatus; author: CareRole }[];
}

const DAY = 24 * 3600 * 1000;
const HOUR = 3600 * 1000;

/** Of sixty, this one has died. */
const DECEASED_EVERY = 60;
const DECEASED = 17;

/** The made-up patient of this number, as of a moment: the same on every installation but for the dates. */
export function makeStory(number: number, now: Date): Story {
  const chance = new Chance(number);
  const person = makePerson(chance, number, now);
  const fitting = cases.filter((one) => suits(one, person));
  const main = chance.often(0.12) || fitting.length === 0 ? healthy : chance.pick(fitting);
  const second = main !== healthy && chance.often(0.35) ? chance.pick(fitting) : main;
  const deceasedAt = number % DECEASED_EVERY === DECEASED ? before(now, chance.whole(10, 40)) : null;
  const build = makeBuild(chance, person.age, person.gender === Gender.MALE);
  const measured = { chance, person, build, main };
  const past = pastVisits(measured, deceasedAt ?? now);
  const visits = deceasedAt ? past : [...past, ...presentVisits(measured, number, now)];
  const team = teamOf(number);
  return {
    patient: describe(person, { number, main, second, deceasedAt, since: visits[0]?.startedAt ?? now }),
    team,
    author: team.includes('DOCTOR') || !team.includes('CLINICIAN') ? 'DOCTOR' : 'CLINICIAN',
    visits: visits.sort((one, other) => one.startedAt.getTime() - other.startedAt.getTime()),
    treatments: treatmentsOf(chance, main, past, deceasedAt !== null),
  };
}

function suits({ ages: [youngest, oldest], gender }: Case, person: Person): boolean {
  return person.age >= youngest && person.age <= oldest && (!gender || gender === person.gender);
}

/** Of sixty patients the doctor has 40, the clinician 30, the nurse 35; five have nobody. */
function teamOf(number: number): CareRole[] {
  const team: CareRole[] = [];
  if (number % 3 !== 2) team.push('DOCTOR');
  if (number % 2 === 0) team.push('CLINICIAN');
  if (number % 12 < 7) team.push('NURSE');
  return team;
}

function describe(
  person: Person,
  facts: { number: number; main: Case; second: Case; deceasedAt: Date | null; since: Date },
): CreatePatientInput {
  const { number, main, second, deceasedAt } = facts;
  const told = main === healthy ? [] : [...new Set([main, second])];
  const medications = new Map(told.flatMap((one) => one.medications).map((one) => [one.text, one]));
  return {
    name: person.name,
    birthDate: person.birthDate,
    gender: person.gender,
    phone: person.phone,
    email: person.email,
    address: person.address,
    emergencyContact: person.emergencyContact,
    identifiers: [{ system: DEMO_SYSTEM, value: demoNumber(number) }],
    allergies: person.allergies,
    problems: told.map((one) => problemOf(one, facts.since)),
    medications: [...medications.values()].map((one) => ({ ...one, status: MedicationStatus.ACTIVE })),
    diagnosis: main.problem || null,
    medicalHistory: person.age < 1 ? 'Born at term.' : main.history,
    deceasedAt,
  };
}

/** How the patient of this number is written in its identifier. */
export function demoNumber(number: number): string {
  return `D${String(number).padStart(5, '0')}`;
}

function problemOf({ code, problem }: Case, since: Date): Problem {
  return {
    code,
    system: 'http://snomed.info/sct',
    text: problem,
    onset: since.toISOString().slice(0, 10),
    status: ProblemStatus.ACTIVE,
  };
}

interface Measured {
  chance: Chance;
  person: Person;
  build: Build;
  main: Case;
}

/** One to five finished visits over the last two years, never before birth. */
function pastVisits({ chance, person, build, main }: Measured, end: Date): Story['visits'] {
  const days = Math.min(700, Math.floor((end.getTime() - Date.parse(person.birthDate)) / DAY) - 2);
  const count = Math.min(chance.whole(1, 5), Math.max(1, days));
  return Array.from({ length: count }, (_, step) => {
    const chapter = main.chapters[step % main.chapters.length]!;
    const type = chapter.type ?? VisitType.AMBULATORY;
    const ago = Math.max(1, Math.floor((days * (count - step)) / (count + 0.5)) - chance.whole(0, 20));
    const startedAt = atClock(
      before(end, ago),
      type === VisitType.EMERGENCY ? chance.whole(0, 23) : chance.whole(8, 16),
      chance.whole(0, 5) * 10,
    );
    const vitals = makeVitals(
      chance,
      person.age,
      build,
      main,
      type === VisitType.EMERGENCY ? 1 : 0.7 - (0.5 * step) / count,
    );
    return {
      type,
      status: VisitStatus.FINISHED,
      startedAt,
      endedAt: new Date(startedAt.getTime() + chance.whole(2, 9) * 10 * 60_000),
      reason: chapter.reason,
      notes: fillIn(chapter.note, vitals),
      diagnosis: main.problem || null,
      vitals: type === VisitType.VIRTUAL ? null : vitals,
    };
  });
}

/** Today on the wards: somebody is in hospital, somebody in the room, somebody waits, somebody comes next week. */
function presentVisits({ chance, person, build, main }: Measured, number: number, now: Date): Story['visits'] {
  const vitals = makeVitals(chance, person.age, build, main, 0.8);
  const chapter = main.chapters.at(-1)!;
  if (main.admission && chance.often(0.3)) return [inHospital(chance, main, vitals, now)];
  const outpatient = { type: VisitType.AMBULATORY, reason: chapter.reason };
  switch (number % 8) {
    case 1: {
      const startedAt = quarter(new Date(now.getTime() + (chance.whole(2, 20) * HOUR) / 4));
      return [{ ...outpatient, status: VisitStatus.PLANNED, startedAt }];
    }
    case 3: {
      const startedAt = quarter(new Date(now.getTime() - chance.whole(5, 40) * 60_000));
      return [{ ...outpatient, status: VisitStatus.IN_PROGRESS, startedAt, vitals }];
    }
    case 5: {
      const startedAt = quarter(new Date(now.getTime() - (chance.whole(6, 20) * HOUR) / 4));
      const endedAt = new Date(startedAt.getTime() + 25 * 60_000);
      const finished = { notes: fillIn(chapter.note, vitals), diagnosis: main.problem || null, vitals, endedAt };
      return [{ ...outpatient, ...finished, status: VisitStatus.FINISHED, startedAt }];
    }
    case 7: {
      const startedAt = atClock(new Date(now.getTime() + chance.whole(2, 21) * DAY), chance.whole(8, 16), 30);
      return [{ ...outpatient, status: VisitStatus.PLANNED, startedAt }];
    }
    default:
      return [];
  }
}

function inHospital(chance: Chance, main: Case, vitals: Vitals, now: Date): Story['visits'][number] {
  const startedAt = new Date(now.getTime() - chance.whole(1, 6) * DAY - chance.whole(1, 9) * HOUR);
  const notes = `${main.admission}. Pulse ${vitals.heartRate}, saturation ${vitals.oxygenSaturation} %. Improving; discharge planned with the family.`;
  return {
    type: VisitType.INPATIENT,
    status: VisitStatus.IN_PROGRESS,
    startedAt,
    reason: main.admission!,
    notes,
    diagnosis: main.problem,
    vitals,
  };
}

/** Each step of the treatment on the day of a visit; the last one holds now. */
function treatmentsOf(chance: Chance, main: Case, past: Story['visits'], ended: boolean): Story['treatments'] {
  const steps = main.treatments.slice(0, past.length);
  return steps.map((text, step) => {
    const last = step === steps.length - 1;
    const status = last && !ended && main !== healthy ? TreatmentStatus.ONGOING : TreatmentStatus.COMPLETED;
    return {
      at: past[step]!.endedAt ?? past[step]!.startedAt,
      text,
      status,
      author: chance.often(0.3) ? 'NURSE' : 'DOCTOR',
    };
  });
}

function before(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * DAY);
}

function atClock(day: Date, hour: number, minute: number): Date {
  const moment = new Date(day);
  moment.setUTCHours(hour, minute, 0, 0);
  return moment;
}

function quarter(moment: Date): Date {
  return new Date(Math.round(moment.getTime() / (15 * 60_000)) * 15 * 60_000);
}
