/** Puts a value among a statement's parameters and answers what stands for it, such as `$3`. */
export type Bind = (value: unknown) => string;

/**
 * SQL: this user is on this patient's care team now. The view says when a place is over.
 *
 * @param beyond what a page demands of the patient's id as well, such as `< $3`. PostgreSQL does not conclude it for the
 *   team's rows by itself, and would walk those of a large team from their beginning to the page.
 */
export function onCareTeam(patientId: string, userId: string, beyond?: string): string {
  const further = beyond ? ` AND m.patient_id ${beyond}` : '';
  return `EXISTS (SELECT 1 FROM care_team_now m WHERE m.patient_id = ${patientId} AND m.user_id = ${userId}${further})`;
}

/**
 * SQL: this user has broken the glass on this patient under one of `grantIds` (a uuid array), and it is still open. Only
 * grants that the request found when it began count, so that whatever is seen under one is marked with it in the log.
 */
function underGrant(patientId: string, userId: string, grantIds: string): string {
  return `EXISTS (SELECT 1 FROM break_glass_open g
    WHERE g.id = ANY(${grantIds}) AND g.patient_id = ${patientId} AND g.user_id = ${userId})`;
}

/** SQL: this user is on the care team now or, where `grantIds` says any, under an open grant. */
export function near(patientId: string, userId: string, grantIds: string | null, beyond?: string): string {
  const team = onCareTeam(patientId, userId, beyond);
  return grantIds ? `(${team} OR ${underGrant(patientId, userId, grantIds)})` : team;
}

/** SQL: anybody may know of this patient. */
export function notConfidential(patientId: string): string {
  return `NOT EXISTS (SELECT 1 FROM patient c WHERE c.id = ${patientId} AND c.confidential)`;
}

/** SQL: another system may touch this patient: one of its list, or without a list anybody who is not confidential. */
export function inScope(patientId: string, listed: readonly string[] | null, bind: Bind): string {
  return listed ? `${patientId} = ANY(${bind(listed)}::uuid[])` : notConfidential(patientId);
}
