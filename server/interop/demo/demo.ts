import { rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { runIn } from '../../crypto/access-scope';
import { RequestContext, systemContext, type Actor, type Role } from '../../graphql/context';
import { CareTeamPlace } from '../../patients';
import { newId } from '../../platform/ids';
import { inParallel } from '../in-parallel';
import type { Hospital } from '../hospital';
import { ensureStaff, type DemoAccount } from './staff';
import { DEMO_SYSTEM, demoNumber, makeStory, type Story } from './story';

/** Patients of the demo hospital. */
const PATIENTS = 60;
/** Transactions at a time: one process seals as fast as its processor lets it, more only wait. */
const AT_A_TIME = 4;
const PROBED_AT_ONCE = 2_000;

export type OnProgress = (done: number, total: number) => void;

/** True for a hospital without anybody in it, and for one whose demo was cut short. */
export async function demoIsWanted({ base, config }: Hospital): Promise<boolean> {
  if (existsSync(unfinished(config.dataDir))) return true;
  const [row] = await base.dataSource.query<{ empty: boolean }[]>(
    'SELECT NOT EXISTS (SELECT FROM app_user) AND NOT EXISTS (SELECT FROM patient) AS empty',
  );
  return row?.empty ?? false;
}

/**
 * Fills the demo hospital: an account for every role, and this many made-up patients in all. What an earlier, interrupted
 * call has made stays as it is.
 */
export async function loadDemo(
  hospital: Hospital,
  { patients = PATIENTS, onProgress }: { patients?: number; onProgress?: OnProgress } = {},
): Promise<DemoAccount[]> {
  const marker = unfinished(hospital.config.dataDir);
  await writeFile(marker, 'The demo hospital is being loaded; the next start goes on with it.\n');
  const numbers = await freeNumbers(hospital, patients, patients);
  const accounts = await load(hospital, numbers, onProgress);
  await rm(marker, { force: true });
  return accounts;
}

/** Adds this many made-up patients to any hospital, and the demo's accounts when they are missing. */
export async function addDemoPatients(
  hospital: Hospital,
  count: number,
  onProgress?: OnProgress,
): Promise<DemoAccount[]> {
  return load(hospital, await freeNumbers(hospital, count), onProgress);
}

async function load(
  hospital: Hospital,
  numbers: number[],
  onProgress: OnProgress = () => undefined,
): Promise<DemoAccount[]> {
  const { accounts, actors } = await runIn(systemContext('demo'), () => ensureStaff(hospital, hospital.config.dataDir));
  let done = 0;
  onProgress(done, numbers.length);
  await inParallel(AT_A_TIME, numbers, async (number) => {
    await write(hospital, makeStory(number, hospital.base.clock.now()), actors);
    onProgress(++done, numbers.length);
  });
  return accounts;
}

/** Numbers of made-up patients not in this hospital yet, lowest first: `count` of them, or those up to `highest`. */
async function freeNumbers({ base, services }: Hospital, count: number, highest = Infinity): Promise<number[]> {
  const free: number[] = [];
  for (let start = 0; free.length < count && start < highest; start += PROBED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(PROBED_AT_ONCE, highest - start) }, (_, step) => start + step + 1);
    const tokens = numbers.map((number) => services.patientIndex.identifierToken(DEMO_SYSTEM, demoNumber(number)));
    const rows = await base.dataSource.query<{ token: Buffer }[]>(
      'SELECT token FROM patient_token WHERE token = ANY($1::bytea[])',
      [tokens],
    );
    const taken = new Set(rows.map(({ token }) => token.toString('hex')));
    free.push(...numbers.filter((_, step) => !taken.has(tokens[step]!.toString('hex'))));
  }
  return free.slice(0, count);
}

/** One patient with everything, or nothing: a single transaction. The visits are written in the name of whoever treats. */
async function write({ base, services }: Hospital, story: Story, actors: Map<Role, Actor>): Promise<void> {
  const registration = systemContext('demo');
  await runIn(registration, () =>
    base.dataSource.transaction(async (manager) => {
      const { id: patientId } = await services.patients.register(registration, manager, story.patient);
      await joinTeam(manager, patientId, story.team.map((role) => actors.get(role)!), base.clock.now()); // prettier-ignore
      const treating = inTheNameOf(actors.get(story.author)!, registration);
      const attendingId = treating.actor.id;
      const visits = await runIn(treating, () =>
        services.visits.insertAll(treating, manager, story.visits.map((visit) => ({ ...visit, patientId, attendingId }))),
      ); // prettier-ignore
      for (const { author, ...update } of story.treatments) {
        const writing = inTheNameOf(actors.get(author)!, registration);
        const visitId = visits.find(({ endedAt }) => endedAt?.getTime() === update.at.getTime())?.id;
        await runIn(writing, () => services.treatments.append(writing, manager, { ...update, patientId, visitId }));
      }
    }),
  );
}

async function joinTeam(manager: EntityManager, patientId: string, team: Actor[], since: Date): Promise<void> {
  const places = team.map((actor) =>
    Object.assign(new CareTeamPlace(), { id: newId(), patientId, userId: actor.id, since }),
  );
  if (places.length > 0) await manager.insert(CareTeamPlace, places);
}

/** A context of somebody else within the same transaction: the patient's key is known to nobody outside it yet. */
function inTheNameOf(actor: Actor, { keys, currentKeys, requestId }: RequestContext): RequestContext {
  const context = new RequestContext({ actor, requestId, operation: 'demo' });
  for (const [id, key] of keys) context.keys.set(id, key);
  for (const [owner, id] of currentKeys) context.currentKeys.set(owner, id);
  return context;
}

function unfinished(dataDir: string): string {
  return join(dataDir, 'demo-unfinished');
}
