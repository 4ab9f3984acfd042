import { setTimeout as pause } from 'node:timers/promises';
import { provenPark } from '../support/erasing';
import type { Hospital, Person } from '../support/hospital';
import { openHospitalOfProcesses, type HospitalOfProcesses } from '../support/hospital-of-processes';
import { everyRowOf, everythingFits, twins, without } from '../support/merged-records';
import { asOfNow, askToMerge, MERGE, merged, mergeInput, UNMERGE, unmerged } from '../support/merging';
import { askAt } from '../support/remote';

let ward: HospitalOfProcesses;
let hospital: Hospital;
let park: Person;

beforeAll(async () => {
  ward = await openHospitalOfProcesses({ POOL_SIZE: '20' });
  ({ hospital } = ward);
  park = await provenPark(hospital);
});
afterAll(() => ward?.close());

test('of merges and edits at once one wins, and what is cut off halfway did not happen', async () => {
  const { keep, double, open } = await twins(hospital);
  const edits = { id: open.id, expectedVersion: open.version, notes: 'While it moved' };
  const answers = await Promise.all([
    askToMerge(park, keep, double),
    askToMerge(park, double, keep),
    askToMerge(park, keep, double),
    hospital.as('okonkwo').refused('updateVisit', edits),
  ]);
  const merges = answers.slice(0, 3) as Awaited<ReturnType<typeof askToMerge>>[];
  expect(merges.filter(({ data }) => data)).toHaveLength(1);
  for (const { code } of merges) expect([undefined, 'CONFLICT', 'BAD_USER_INPUT']).toContain(code);
  expect([undefined, 'NOT_FOUND']).toContain(answers[3]); // before the visit moved, or looking for it where it was
  await everythingFits(hospital);

  const two = await twins(hospital);
  const before = await everyRowOf(hospital, [two.keep, two.double]);
  // the last thing a merge does is to count; there it waits, and its connection dies
  const letCount = await holdCounters();
  const cut = askToMerge(park, two.keep, two.double);
  while ((await hospital.sql(COUNTING)).length === 0) await pause(10);
  await hospital.sql(`SELECT pg_terminate_backend(pid) FROM (${COUNTING}) AS w`);
  expect((await cut).code).toBe('INTERNAL');
  await letCount();
  expect(await everyRowOf(hospital, [two.keep, two.double])).toEqual(before);
  await merged(park, two.keep, two.double);
  await everythingFits(hospital);
});

const COUNTING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%demographic_count%'"; // prettier-ignore

/** Keeps everybody from counting until what is answered is called. */
async function holdCounters(): Promise<() => Promise<void>> {
  const held = expect(hospital.sql('BEGIN; LOCK TABLE demographic_count; SELECT pg_sleep(200)')).rejects.toThrow();
  const locked = 'SELECT count(*) FROM pg_locks WHERE relation = \'demographic_count\'::regclass AND mode = \'AccessExclusiveLock\' AND granted'; // prettier-ignore
  while ((await hospital.count(locked)) === 0) await pause(10);
  return async () => {
    await hospital.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(200)%' AND pid <> pg_backend_pid()"); // prettier-ignore
    await held;
  };
}

/** A server in a process of its own, and how to ask it as Admin Park; null when the answer never came. */
async function serverToKill() {
  const { address, kill } = await ward.start({ DATABASE_URL: `${ward.settings.DATABASE_URL}?application_name=doomed` });
  const ask = (query: string, input: object) => askAt(address, park.token, query, { input }).catch(() => null);
  return { ask, kill };
}

/** Until PostgreSQL has done all that the killed server had sent, and let go of it. */
async function forgotten(): Promise<void> {
  while ((await hospital.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'doomed'")) > 0)
    await pause(10);
}

test('a server killed in the middle of merges leaves every pair merged or as it was, and either can be gone on with', async () => {
  park = await provenPark(hospital); // minutes may have passed
  const pairs = [
    await twins(hospital),
    await twins(hospital),
    await twins(hospital),
    await twins(hospital),
    await twins(hospital),
  ];
  const before: Record<string, unknown>[] = [];
  for (const { keep, double } of pairs) before.push(await everyRowOf(hospital, [keep, double]));
  const isMerged = async ({ keep, double }: (typeof pairs)[number]) => {
    const open = 'SELECT id FROM patient_merge WHERE kept_id = $1 AND merged_id = $2 AND unmerged_at IS NULL';
    return (await hospital.sql<{ id: string }>(open, [keep.id, double.id]))[0]?.id;
  };

  // all of them are written but for the counters, and so is one that is being taken apart
  const [first, ...others] = pairs;
  const { mergeId, kept } = await merged(park, first!.keep, first!.double);
  const one = await serverToKill();
  const letCount = await holdCounters();
  const waiting = others.map(({ keep, double }) => one.ask(MERGE, mergeInput(keep, double)));
  waiting.push(one.ask(UNMERGE, { mergeId, expectedVersion: kept.version, reason: 'They are twins' }));
  while ((await hospital.sql(COUNTING)).length < pairs.length) await pause(10);
  await one.kill();
  await letCount();
  await forgotten();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => null));
  await everythingFits(hospital);

  // whatever is apart is merged by another server, which is killed as soon as one is answered
  const two = await serverToKill();
  const apart = [];
  for (const pair of pairs) if (!(await isMerged(pair))) apart.push(pair);
  const answers = apart.map(async (pair) => {
    const [keep, double] = [await asOfNow(hospital, pair.keep), await asOfNow(hospital, pair.double)];
    return (await two.ask(MERGE, mergeInput(keep, double)))?.data ? pair : null;
  });
  if (apart.length > 0) await Promise.race(answers);
  await two.kill();
  await forgotten();
  for (const pair of await Promise.all(answers)) if (pair) expect(await isMerged(pair)).toBeDefined();
  await everythingFits(hospital);

  for (const [place, pair] of pairs.entries()) {
    const standing = await isMerged(pair);
    if (standing) await unmerged(park, standing, (await asOfNow(hospital, pair.keep)).version);
    const past = await hospital.sql<{ id: string }>('SELECT id FROM care_team_member WHERE patient_id = $1 AND until IS NOT NULL', [pair.keep.id]); // prettier-ignore
    const after = await everyRowOf(hospital, [pair.keep, pair.double]);
    expect(without(after, ...past.map(({ id }) => `care_team_member ${id}`))).toEqual(before[place]);
  }
  await everythingFits(hospital);
}, 240_000);
