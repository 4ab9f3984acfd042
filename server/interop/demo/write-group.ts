import type { EntityManager } from 'typeorm';
import { runIn } from '../../crypto/access-scope';
import { insertRows } from '../../database/insert-rows';
import { RequestContext, systemContext, type Actor, type Role } from '../../graphql/context';
import { CareTeamPlace } from '../../patients';
import { newId } from '../../platform/ids';
import type { Hospital } from '../hospital';
import { makeStory, type CareRole, type Story } from './story';

type Staff = Map<Role, Actor>;

/** A made-up patient as it is written: the story and the id it goes by here. */
interface Told {
  patientId: string;
  story: Story;
}

/**
 * The made-up patients of these numbers with everything, or nothing: a single transaction of some fifteen statements, however
 * many they are. The visits are written in the name of whoever treats.
 */
export async function writeGroup(
  { base, services }: Hospital,
  numbers: readonly number[],
  staff: Staff,
): Promise<void> {
  const now = base.clock.now();
  const told = numbers.map((number): Told => ({ patientId: newId(), story: makeStory(number, now) }));
  const registration = systemContext('demo');
  await runIn(registration, () =>
    base.dataSource.transaction((manager) =>
      services.patients.registerAll(
        registration,
        manager,
        told.map(({ patientId, story }) => ({ id: patientId, input: story.patient })),
        async () => {
          await joinTeams(manager, told, staff, now);
          const visits = await writeVisits(services, manager, told, { staff, registration });
          await writeTreatments(services, manager, told, { staff, registration, visits });
        },
      ),
    ),
  );
}

async function joinTeams(manager: EntityManager, told: readonly Told[], staff: Staff, since: Date): Promise<void> {
  const places = told.flatMap(({ patientId, story }) =>
    story.team.map((role) =>
      Object.assign(new CareTeamPlace(), { id: newId(), patientId, userId: staff.get(role)!.id, since }),
    ),
  );
  await insertRows(manager, CareTeamPlace, places);
}

/** Ids of the finished visits, by patient and end: the treatment given at a visit names it. */
type EndedVisits = Map<string, string>;

async function writeVisits(
  { visits }: Hospital['services'],
  manager: EntityManager,
  told: readonly Told[],
  { staff, registration }: { staff: Staff; registration: RequestContext },
): Promise<EndedVisits> {
  const ended: EndedVisits = new Map();
  for (const author of ['DOCTOR', 'CLINICIAN'] as const) {
    const treating = inTheNameOf(staff.get(author)!, registration);
    const attendingId = treating.actor.id;
    const wanted = told
      .filter(({ story }) => story.author === author)
      .flatMap(({ patientId, story }) => story.visits.map((visit) => ({ ...visit, patientId, attendingId })));
    for (const { id, patientId, endedAt } of await runIn(treating, () => visits.insertAll(treating, manager, wanted))) {
      if (endedAt) ended.set(`${patientId} ${endedAt.getTime()}`, id);
    }
  }
  return ended;
}

async function writeTreatments(
  { treatments }: Hospital['services'],
  manager: EntityManager,
  told: readonly Told[],
  { staff, registration, visits }: { staff: Staff; registration: RequestContext; visits: EndedVisits },
): Promise<void> {
  const authors: CareRole[] = ['DOCTOR', 'CLINICIAN', 'NURSE'];
  // Ids before authors: the newest id is a patient's current treatment, whoever wrote it.
  const updates = told.flatMap(({ patientId, story }) =>
    story.treatments.map((update) => {
      const visitId = visits.get(`${patientId} ${update.at.getTime()}`);
      return { ...update, id: newId(), patientId, visitId };
    }),
  );
  for (const author of authors) {
    const writing = inTheNameOf(staff.get(author)!, registration);
    const wanted = updates
      .filter((update) => update.author === author)
      .map(({ id, patientId, visitId, at, text, status }) => ({ id, patientId, visitId, at, text, status }));
    await runIn(writing, () => treatments.appendAll(writing, manager, wanted));
  }
}

/** A context of somebody else within the same transaction: the patients' keys are known to nobody outside it yet. */
function inTheNameOf(actor: Actor, { keys, currentKeys, requestId }: RequestContext): RequestContext {
  const context = new RequestContext({ actor, requestId, operation: 'demo' });
  for (const [id, key] of keys) context.keys.set(id, key);
  for (const [owner, id] of currentKeys) context.currentKeys.set(owner, id);
  return context;
}
