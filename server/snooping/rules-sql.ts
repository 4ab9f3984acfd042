import { hasLikeness } from '../patients';

/** Column groups that the lists of our pages show (dashboard, worklist): standing in a list of many is not being looked at. */
const LISTED = [
  'birthDate', 'careTeam', 'confidential', 'deceasedAt', 'diagnosis', 'gender', 'mrn', 'name', 'reason', 'search', 'treatment', 'visits',
]; // prettier-ignore
/** An entry that names no more patients than this is about each of them. */
const FEW = 3;
/** What an administrator needs for no work of an administrator's. */
const CLINICAL = [
  'allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory', 'treatment', 'reason', 'notes', 'visitDiagnosis', 'vitals',
]; // prettier-ignore

const textArray = (values: readonly string[]) => `ARRAY[${values.map((value) => `'${value}'`).join(', ')}]`;

/** In the canonical bytes of an entry (RFC 8785), this is only found where its actor has no session: quotes within values are escaped. */
const NO_SESSION = `'"s":null'::bytea`;

/**
 * Who was shown whom by the entries from $1 up to, not including, $2: what staff who were signed in did, and did get, other
 * than to oversee; what a command did under their name (the demo hospital) is no look of theirs.
 * A patient who is being registered is nobody's neighbour yet. OFFSET 0: the patients of an entry are looked up by it, in one way.
 *
 * @param asked SQL: which entries, by their columns
 */
const shown = (asked = 'true') => `shown AS MATERIALIZED (
  SELECT e.index, e.at, e.user_id, e.role, e.purpose, named.patient_id, p.confidential,
    string_to_array(e.fields, ',') AS fields, named.patients <= ${FEW} AS few
  FROM (
    SELECT index, at, actor_id AS user_id, role, purpose, fields FROM audit_entry
    WHERE index >= $1 AND index < $2 AND outcome = 'ok' AND purpose <> 'oversight' AND actor_id IS NOT NULL
      AND NOT (action = 'create' AND target_type = 'patient') AND position(${NO_SESSION} IN entry) = 0 AND ${asked} OFFSET 0
  ) AS e
  CROSS JOIN LATERAL (
    SELECT patient_id, count(*) OVER () AS patients FROM audit_entry_patient WHERE index = e.index OFFSET 0) AS named
  JOIN patient p ON p.id = named.patient_id
  JOIN app_user u ON u.id = e.user_id)`;

/** Clocks of servers differ, by less than this; who reads without a team is given none, lest a place be taken afterwards. */
const SLACK = `CASE WHEN shown.role = 'ADMIN' OR shown.purpose = 'emergency' THEN interval '0' ELSE interval '1 minute' END`;

/** Those of them who were looked at, each with whether the person was on the care team then. */
const LOOKED = `looked AS MATERIALIZED (
  SELECT *, fields && ${textArray(CLINICAL)} AS clinical, EXISTS (
      SELECT FROM care_team_member m WHERE m.user_id = shown.user_id AND m.patient_id = shown.patient_id
        AND m.since <= shown.at + ${SLACK} AND (m.until IS NULL OR m.until >= shown.at - ${SLACK})
    ) AS related
  FROM shown WHERE few OR NOT fields <@ ${textArray(LISTED)})`;

/** $3: the generation whose tokens are compared. */
const shares = (kind: string) => `EXISTS (
    SELECT FROM staff_likeness k WHERE k.generation = $3 AND k.user_id = pair.user_id AND k.kind = '${kind}' AND ${hasLikeness('k.token')})`;

/** What a person has in common with a patient; each pair is compared once, however often there was a look. */
const ALIKE = `alike AS MATERIALIZED (
  SELECT pair.user_id, pair.patient_id, ${shares('surname')} AS surname, ${shares('address')} AS address
  FROM (SELECT DISTINCT user_id, patient_id FROM looked) AS pair
  JOIN patient_search s ON s.generation = $3 AND s.patient_id = pair.patient_id)`;

/** Patients who are staff now; each is compared once, however often they were looked at. */
const COLLEAGUES = `colleagues AS MATERIALIZED (
  SELECT s.patient_id FROM (SELECT DISTINCT patient_id FROM looked) AS one
  CROSS JOIN LATERAL (SELECT * FROM patient_search s WHERE s.generation = $3 AND s.patient_id = one.patient_id OFFSET 0) AS s
  WHERE EXISTS (
    SELECT FROM staff_likeness k JOIN app_user u ON u.id = k.user_id
    WHERE k.generation = $3 AND k.kind = 'person' AND u.active AND ${hasLikeness('k.token')}))`;

/** What each rule about one person and one patient makes of a look, 1 to 3; null: nothing. */
const verdicts = {
  SAME_SURNAME: `WHEN a.surname THEN CASE WHEN l.related THEN 1 ELSE 2 END`,
  SAME_ADDRESS: `WHEN a.address THEN CASE WHEN l.related THEN 2 ELSE 3 END`,
  COLLEAGUE: `WHEN l.patient_id IN (SELECT patient_id FROM colleagues) THEN CASE WHEN l.related THEN 1 ELSE 3 END`,
  NO_RELATION: `WHEN l.related THEN NULL WHEN l.purpose = 'emergency' THEN 1
    WHEN l.role = 'ADMIN' THEN CASE WHEN l.clinical THEN 2 END ELSE 3`,
  CONFIDENTIAL: `WHEN l.confidential AND NOT l.related THEN 3`,
};

/** Rules about one person and one patient. */
export const rulesOfPairs = Object.keys(verdicts) as (keyof typeof verdicts)[];

/** What these rules find among the entries from $1 up to $2. $3: generation, $4: time zone. */
export function pairs(rules: readonly (keyof typeof verdicts)[]): string {
  const judged = rules.map((rule) => `('${rule}', CASE ${verdicts[rule]} END)`).join(',\n    ');
  return `WITH ${shown()}, ${LOOKED}, ${ALIKE}, ${COLLEAGUES}
  SELECT r.rule, r.severity, l.user_id AS "userId", l.patient_id AS "patientId", l.index::text, l.at,
    to_char(l.at AT TIME ZONE $4, 'YYYY-MM-DD') AS day
  FROM looked l LEFT JOIN alike a USING (user_id, patient_id) CROSS JOIN LATERAL (VALUES
    ${judged}
  ) AS r (rule, severity) WHERE r.severity IS NOT NULL`;
}

/** Keeps who was shown whom last; answers when each of these people was shown anybody last. */
export const REMEMBER_SEEN = `WITH ${shown()},
  kept AS (
    INSERT INTO snooping_seen AS s (user_id, patient_id, at, index)
    SELECT DISTINCT ON (user_id, patient_id) user_id, patient_id, at, index FROM shown
    ORDER BY user_id, patient_id, at DESC, index DESC
    ON CONFLICT (user_id, patient_id) DO UPDATE SET at = excluded.at, index = excluded.index WHERE s.at < excluded.at)
  SELECT user_id AS "userId", max(at) AS at FROM shown GROUP BY user_id`;

/** People ($1), and when each was shown anybody last ($2). */
const PEOPLE = 'people AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS n (user_id, at))';

/** Keeps how many patients each of these people was shown in the hour of the newest entry. */
export const REMEMBER_HOURS = `WITH ${PEOPLE}
  INSERT INTO snooping_hour AS h (user_id, hour, patients)
  SELECT n.user_id, date_trunc('hour', n.at), count(*) FROM people n
  JOIN snooping_seen s ON s.user_id = n.user_id AND s.at >= date_trunc('hour', n.at) AND s.at <= n.at
  GROUP BY n.user_id, n.at
  ON CONFLICT (user_id, hour) DO UPDATE SET patients = greatest(h.patients, excluded.patients)`;

/** How far back what is usual reaches. */
const USUAL = `interval '28 days'`;
/** With fewer hours of work than this nothing is usual yet. */
const HOURS_WORKED = 8;

const SINCE = 'n.at - make_interval(mins => $4)';
const dayOf = (at: string) => `to_char((${at}) AT TIME ZONE $3, 'YYYY-MM-DD')`;

/**
 * The newest entry about each patient whom these people were shown in the last $4 minutes. What a reviewer has judged as part of a
 * burst does not make another one.
 */
const RECENT = `judged AS MATERIALIZED (
    SELECT f.user_id, h.index FROM people n
    JOIN snooping_finding f ON f.user_id = n.user_id AND f.rule = 'BURST' AND f.verdict IS NOT NULL AND f.day >= ${dayOf(SINCE)}
    JOIN snooping_hit h ON h.finding_id = f.id AND h.at > ${SINCE}),
  recent AS MATERIALIZED (
    SELECT s.user_id, s.index, s.at FROM people n JOIN snooping_seen s ON s.user_id = n.user_id AND s.at > ${SINCE} AND s.at <= n.at
    WHERE NOT EXISTS (SELECT FROM judged j WHERE j.user_id = s.user_id AND j.index = s.index))`;

/**
 * Of these people, those who were shown at least $5 patients in the $4 minutes before their newest entry, and $6 times as many as is
 * usual for them; with what of it their open finding does not name yet. Three times as many as it takes is grave. $3: time zone.
 */
export const BURSTS = `WITH ${PEOPLE}, ${RECENT},
  busy AS MATERIALIZED (
    SELECT n.user_id, ${dayOf('n.at')} AS day, (SELECT count(*) FROM recent r WHERE r.user_id = n.user_id) AS patients,
      greatest($5::float8, (SELECT CASE WHEN count(*) >= ${HOURS_WORKED} THEN avg(h.patients) * $6 * $4 / 60 END
        FROM snooping_hour h WHERE h.user_id = n.user_id
          AND h.hour >= n.at - ${USUAL} AND h.hour < date_trunc('hour', ${SINCE}))) AS enough
    FROM people n)
  SELECT 'BURST' AS rule, CASE WHEN b.patients >= 3 * b.enough THEN 3 ELSE 2 END AS severity,
    b.user_id AS "userId", NULL::uuid AS "patientId", r.index::text, r.at, b.day
  FROM busy b JOIN recent r USING (user_id)
  WHERE b.patients >= b.enough AND NOT EXISTS (
    SELECT FROM snooping_finding f JOIN snooping_hit h ON h.finding_id = f.id AND h.index = r.index
    WHERE f.user_id = b.user_id AND f.rule = 'BURST' AND f.day = b.day AND f.verdict IS NULL)`;

/** Whoever worked in odd hours on so many of the last 28 days works then. */
const USED_TO_IT = 3;

/** SQL: an hour of the day is among those from $4 up to $5, over midnight where need be. */
const odd = (hour: string) =>
  `CASE WHEN $4::int <= $5::int THEN ${hour} >= $4 AND ${hour} < $5 ELSE ${hour} >= $4 OR ${hour} < $5 END`;
/** A night counts to the day it began. */
const nightOf = (at: string) => `(${at} AT TIME ZONE $3 - make_interval(hours => $5))::date`;

/** Entries in odd hours of people who seldom work then. $3: time zone. */
export const ODD_HOURS = `WITH ${shown(odd('extract(hour FROM at AT TIME ZONE $3)'))},
  late AS MATERIALIZED (SELECT DISTINCT user_id, index, at, ${nightOf('at')} AS night FROM shown),
  seldom AS (
    SELECT n.user_id, n.night FROM (SELECT user_id, night, min(at) AS at FROM late GROUP BY user_id, night) AS n
    WHERE ${USED_TO_IT} > (
      SELECT count(DISTINCT ${nightOf('h.hour')}) FROM snooping_hour h
      WHERE h.user_id = n.user_id AND h.hour >= n.at - ${USUAL} AND ${nightOf('h.hour')} < n.night
        AND ${odd('extract(hour FROM h.hour AT TIME ZONE $3)')}))
  SELECT 'ODD_HOUR' AS rule, 1 AS severity, user_id AS "userId", NULL::uuid AS "patientId", index::text, at,
    to_char(night, 'YYYY-MM-DD') AS day
  FROM late JOIN seldom USING (user_id, night)`;

/** Some of what is too old to count, at most $1 rows. */
export const FORGET = [
  `DELETE FROM snooping_seen WHERE (user_id, patient_id) IN (
     SELECT user_id, patient_id FROM snooping_seen WHERE at < $2::timestamptz - interval '1 day' LIMIT $1)`,
  `DELETE FROM snooping_hour WHERE (user_id, hour) IN (
     SELECT user_id, hour FROM snooping_hour WHERE hour < $2::timestamptz - ${USUAL} LIMIT $1)`,
];
