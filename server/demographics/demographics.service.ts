import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { binaryArray } from '../database/binary-array';
import { privately } from '../database/sealed-column';
import { send } from '../database/transaction-runner';
import { Gender, type CountedChange, type Patient, type PatientObserver, type PatientRepository } from '../patients';
import { ageBands, bandOf, decades, unknownAge, type AgeBand } from './age-bands';
import type { DemographicBuckets } from './demographic-buckets';
import { makeMonths } from './months';
import { addedUp, type Fact, type Finest } from './reading';

/** Counts below this are hidden: a group that small may point at a person. */
const SMALLEST_SHOWN = 5;

export interface DemographicCount extends AgeBand {
  gender: Gender;
  /** Null when hidden. */
  count: number | null;
}

export interface Demographics {
  ageBands: DemographicCount[];
  decades: DemographicCount[];
  genders: DemographicCount[];
  total: number;
}

/** A counter whose stored value is not what the records say. */
export interface Miscount {
  bucket: string;
  stored: number;
  counted: number;
}

const CHUNK = 500;
/** All that a page needs; of a recount's hundred and more, so many that others who count wait for some hundredths of a second. */
const YEARS_AT_ONCE = 10;

/**
 * Added up where the counters are: some hundred and fifty sums come back instead of some two thousand counters. These are found
 * first, by themselves (OFFSET 0): joined, PostgreSQL would read the whole table for them, and it grows with the hospital.
 */
const READ = `SELECT asked.place, sum(kept.people) AS people
  FROM (SELECT bucket, people FROM demographic_count WHERE bucket = ANY ($1::bytea[]) AND people > 0 OFFSET 0) kept
    JOIN unnest($1::bytea[], $2::integer[]) AS asked (bucket, place) ON asked.bucket = kept.bucket
  GROUP BY asked.place`;

/** Keeps and reads the counts of living, undeleted patients by age and gender. */
export class DemographicsService implements PatientObserver {
  constructor(
    private readonly base: Foundation,
    private readonly buckets: DemographicBuckets,
    private readonly patients: PatientRepository,
  ) {}

  /** Moves patients between counters, in the transaction of the change itself: one statement, however many they are. */
  patientsChanged(manager: EntityManager, changes: readonly CountedChange[]): Promise<void> {
    const moves = new Map<string, number>();
    const move = (bucket: string, by: number) => moves.set(bucket, (moves.get(bucket) ?? 0) + by);
    for (const { before, after } of changes) {
      for (const bucket of before ? this.buckets.of(before) : []) move(bucket, -1);
      for (const bucket of after ? this.buckets.of(after) : []) move(bucket, 1);
    }
    const real = [...moves].filter(([, by]) => by !== 0).map(([bucket, by]) => ({ bucket, by }));
    if (real.length > 0) add(manager, real);
    return Promise.resolve();
  }

  /** Counts by age band, ten-year step and gender as of today. */
  async read(): Promise<Demographics> {
    const facts = await this.facts();
    const table = (bands: readonly AgeBand[]) =>
      tabulate(facts, [...bands, unknownAge], (age) => (age === null ? unknownAge : bandOf(age, bands)));
    const everybody: AgeBand = { label: 'all', from: null, to: null };
    return {
      ageBands: table(ageBands),
      decades: table(decades),
      genders: tabulate(facts, [everybody], () => everybody),
      total: facts.reduce((sum, { people }) => sum + people, 0),
    };
  }

  /**
   * Counts all records anew and compares; with `fix`, corrects what differs. Months that a version before them left out are
   * made first. Opens every patient, so it is a command.
   */
  async recount(fix: boolean, onProgress: (done: number) => void = () => undefined): Promise<Miscount[]> {
    await this.completeMonths(this.buckets.shortOfMonths(await this.stored(), this.today()));
    const counted = new Map<string, number>();
    let done = 0;
    for await (const patient of this.everybody()) {
      const facts = privately(() => ({
        birthDate: patient.birthDate,
        gender: patient.gender,
        living: patient.deceased === null,
      }));
      if (facts.living)
        for (const bucket of this.buckets.of(facts)) counted.set(bucket, (counted.get(bucket) ?? 0) + 1);
      onProgress(++done);
    }
    const stored = await this.stored();
    const wrong = [...new Set([...counted.keys(), ...stored.keys()])]
      .map((bucket) => ({ bucket, stored: stored.get(bucket) ?? 0, counted: counted.get(bucket) ?? 0 }))
      .filter((count) => count.stored !== count.counted);
    if (fix) await this.correct(wrong);
    return wrong;
  }

  /** Months are believed only where they are as many people as their year; else they are made anew, and days are read. */
  private async facts(): Promise<Fact[]> {
    const { facts, uneven } = await this.addUp('month');
    if (uneven.length === 0) return facts;
    await this.completeMonths(uneven);
    return (await this.addUp('day')).facts;
  }

  private async addUp(finest: Finest): Promise<ReturnType<typeof addedUp>> {
    const reading = this.buckets.on(this.today(), finest);
    return addedUp(reading, await this.base.dataSource.query(READ, reading.values));
  }

  private async completeMonths(years: readonly string[]): Promise<void> {
    for (let at = 0; at < years.length; at += YEARS_AT_ONCE)
      await makeMonths(this.base.dataSource, this.buckets.daysIn(years.slice(at, at + YEARS_AT_ONCE)));
  }

  private today(): string {
    return this.base.clock.now().toISOString().slice(0, 10);
  }

  private async *everybody(): AsyncGenerator<Patient> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const chunk = await this.patients.select('WHERE t.deleted_at IS NULL AND t.id > $1 ORDER BY t.id LIMIT $2', [
        after,
        CHUNK,
      ]);
      yield* chunk;
      if (chunk.length < CHUNK) return;
      after = chunk.at(-1)!.id;
    }
  }

  private async stored(): Promise<Map<string, number>> {
    const rows = await this.base.dataSource.query<{ bucket: string; people: number }[]>(
      "SELECT encode(bucket, 'hex') AS bucket, people FROM demographic_count WHERE people > 0",
    );
    return new Map(rows.map(({ bucket, people }) => [bucket, people]));
  }

  /** Differences are added, not set: registrations that went on meanwhile stay counted. */
  private async correct(wrong: Miscount[]): Promise<void> {
    const moves = wrong.map(({ bucket, stored, counted }) => ({ bucket, by: counted - stored }));
    await this.base.dataSource.transaction((manager) => Promise.resolve(add(manager, moves)));
  }
}

/**
 * Adds to counters in one statement, in their order: changes that cross each other wait for one another, and never in a ring.
 * None goes below 0: a month that has not been made yet, or a count that is wrong, must not keep a patient from being changed.
 */
function add(manager: EntityManager, moves: { bucket: string; by: number }[]): void {
  const sorted = moves.toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1));
  void send(manager, ADD, [
    binaryArray('bytea', sorted.map(({ bucket }) => bytes(bucket))),
    binaryArray('integer', sorted.map(({ by }) => by)),
  ]); // prettier-ignore
}

const ADD = {
  name: 'add-to-demographic-counts',
  text: `INSERT INTO demographic_count (bucket, people)
    SELECT bucket, greatest(n, 0) FROM unnest($1::bytea[], $2::integer[]) AS moved (bucket, n)
    ON CONFLICT (bucket) DO UPDATE SET people = greatest(0, demographic_count.people
      + (SELECT n FROM unnest($1::bytea[], $2::integer[]) AS moved (bucket, n) WHERE moved.bucket = demographic_count.bucket))`,
};

/** One cell for each band and gender; a small one is hidden, an empty one is a plain 0. */
function tabulate(
  facts: Fact[],
  bands: readonly AgeBand[],
  bandFor: (age: number | null) => AgeBand,
): DemographicCount[] {
  return bands.flatMap((band) =>
    Object.values(Gender).map((gender) => {
      const cell = facts.filter((fact) => fact.gender === gender && bandFor(fact.age).label === band.label);
      const count = cell.reduce((sum, { people }) => sum + people, 0);
      return { ...band, gender, count: count > 0 && count < SMALLEST_SHOWN ? null : count };
    }),
  );
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
