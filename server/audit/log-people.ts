import type { Pool } from 'pg';

/** How far a viewer sees: everything, own actions and accesses to own patients, or own actions. */
export type LogReach = 'all' | 'ownPatients' | 'own';

export interface Viewer {
  id: string | null;
  reach: LogReach;
}

/** Ids of the records that were merged into these patients and still are, at any remove. */
export type MergedInto = (patientIds: readonly string[]) => Promise<readonly string[]>;

/** Whom a look at the log is about, under every id the log knows them by: a record that was merged kept its own there. */
export interface LogPeople {
  viewer: Viewer;
  /** The patient asked for; null: nobody was. */
  asked: readonly string[] | null;
  /** Those whose entries the viewer may see; null: everybody's, or nobody's. */
  own: readonly string[] | null;
}

const TEAM = 'SELECT DISTINCT patient_id AS id FROM care_team_now WHERE user_id = $1';

/**
 * Whom a viewer asks for and may see. A merge is followed for those who may see the kept record, as reports follow it: to
 * others the answer would tell who was merged into whom.
 */
export async function peopleOf(
  { pool, mergedInto }: { pool: Pick<Pool, 'query'>; mergedInto: MergedInto },
  viewer: Viewer,
  patientId: string | null | undefined,
): Promise<LogPeople> {
  const patient = patientId?.toLowerCase();
  const team = viewer.reach === 'ownPatients' || (viewer.reach === 'own' && patient) ? await teamOf(pool, viewer) : [];
  const own = viewer.reach === 'ownPatients' ? [...team, ...(await mergedInto(team))] : null;
  if (!patient) return { viewer, own, asked: null };
  const followed = viewer.reach === 'all' || team.includes(patient);
  const asked = [patient, ...(followed ? await mergedInto([patient]) : [])];
  // nor is one of others to be found by standing beside an own patient in an entry
  return { viewer, own: own && (own.includes(patient) ? own : []), asked };
}

/** Patients on whose care team somebody is now. */
async function teamOf(pool: Pick<Pool, 'query'>, { id }: Viewer): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(TEAM, [id]);
  return rows.map((row) => row.id);
}
