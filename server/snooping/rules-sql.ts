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

/**
 * Who was shown whom by the entries from $1 up to, not including, $2: what staff who were signed in did, and did get, other
 * than to oversee; what a command did under their name (the demo hospital) is no look of theirs.
 * A patient who is being registered is nobody's neighbour yet.
 */
const SHOWN = `shown AS MATERIALIZED (
  SELECT e.index, e.at, e.actor_id AS user_id, e.role, e.purpose, p.id AS patient_id, p.confidential,
    string_to_array(e.fields, ',') AS fields, json_array_length(e.said -> 'p') <= ${FEW} AS few
  FROM (
    SELECT *, convert_from(entry, 'UTF8')::json AS said FROM audit_entry
    WHERE index >= $1 AND index < $2 AND outcome = 'ok' AND purpose <> 'oversight' AND actor_id IS NOT NULL
      AND NOT (action = 'create' AND target_type = 'patient')
  ) AS e
  CROSS JOIN LATERAL (SELECT DISTINCT value::uuid AS id FROM json_array_elements_text(e.said -> 'p')) AS named
  JOIN patient p ON p.id = named.id
  JOIN app_user u ON u.id = e.actor_id
  WHERE e.said -> 'by' ->> 's' IS NOT NULL)`;

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
  SELECT FROM staff_likeness k JOIN patient_search s ON s.generation = k.generation
  WHERE k.generation = $3 AND k.user_id = l.user_id AND k.kind = '${kind}' AND s.patient_id = l.patient_id AND ${hasLikeness('k.token')})`;

/** Patients who are staff now; each is compared once, however often they were looked at. */
const COLLEAGUES = `colleagues AS MATERIALIZED (
  SELECT s.patient_id FROM patient_search s
  WHERE s.generation = $3 AND s.patient_id IN (SELECT patient_id FROM looked) AND EXISTS (
    SELECT FROM staff_likeness k JOIN app_user u ON u.id = k.user_id
    WHERE k.generation = $3 AND k.kind = 'person' AND u.active AND ${hasLikeness('k.token')}))`;

/** What each rule about one person and one patient makes of a look, 1 to 3; null: nothing. */
const verdicts = {
  SAME_SURNAME: `WHEN ${shares('surname')} THEN CASE WHEN l.related THEN 1 ELSE 2 END`,
  SAME_ADDRESS: `WHEN ${shares('address')} THEN CASE WHEN l.related THEN 2 ELSE 3 END`,
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
  return `WITH ${SHOWN}, ${LOOKED}, ${COLLEAGUES}
  SELECT r.rule, r.severity, l.user_id AS "userId", l.patient_id AS "patientId", l.index::text, l.at,
    to_char(l.at AT TIME ZONE $4, 'YYYY-MM-DD') AS day
  FROM looked l CROSS JOIN LATERAL (VALUES
    ${judged}
  ) AS r (rule, severity) WHERE r.severity IS NOT NULL`;
}

/** Keeps who was shown whom last. */
export const REMEMBER_SEEN = `WITH ${SHOWN}
  INSERT INTO snooping_seen AS s (user_id, patient_id, at, index)
  SELECT DISTINCT ON (user_id, patient_id) user_id, patient_id, at, index FROM shown
  ORDER BY user_id, patient_id, at DESC, index DESC
  ON CONFLICT (user_id, patient_id) DO UPDATE SET at = excluded.at, index = excluded.index WHERE s.at < excluded.at`;

/** Keeps how many patients each of these people was shown in the hour of the newest entry. */
export const REMEMBER_HOURS = `WITH ${SHOWN},
  newest AS (SELECT user_id, max(at) AS at FROM shown GROUP BY user_id)
  INSERT INTO snooping_hour AS h (user_id, hour, patients)
  SELECT n.user_id, date_trunc('hour', n.at), count(*) FROM newest n
  JOIN snooping_seen s ON s.user_id = n.user_id AND s.at >= date_trunc('hour', n.at) AND s.at <= n.at
  GROUP BY n.user_id, n.at
  ON CONFLICT (user_id, hour) DO UPDATE SET patients = greatest(h.patients, excluded.patients)`;

/** How far back what is usual reaches. */
const USUAL = `interval '28 days'`;
/** With fewer hours of work than this nothing is usual yet. */
const HOURS_WORKED = 8;

/** What a reviewer has judged as part of a burst does not make another one. */
const NOT_JUDGED = `NOT EXISTS (
  SELECT FROM snooping_finding f JOIN snooping_hit h ON h.finding_id = f.id
  WHERE f.user_id = s.user_id AND f.rule = 'BURST' AND f.verdict IS NOT NULL AND h.index = s.index)`;
const recent = (end: string) =>
  `s.user_id = ${end}.user_id AND s.at > ${end}.at - make_interval(mins => $4) AND s.at <= ${end}.at AND ${NOT_JUDGED}`;

/**
 * People who were shown at least $5 patients in the $4 minutes before their newest entry, and $6 times as many as is usual for
 * them; with the newest entry about each patient. Three times as many as it takes is grave.
 */
export const BURSTS = `WITH ${SHOWN},
  newest AS (SELECT user_id, max(at) AS at FROM shown GROUP BY user_id),
  busy AS (
    SELECT n.user_id, n.at, (SELECT count(*) FROM snooping_seen s WHERE ${recent('n')}) AS patients,
      greatest($5::float8, (SELECT CASE WHEN count(*) >= ${HOURS_WORKED} THEN avg(h.patients) * $6 * $4 / 60 END
        FROM snooping_hour h WHERE h.user_id = n.user_id
          AND h.hour >= n.at - ${USUAL} AND h.hour < date_trunc('hour', n.at - make_interval(mins => $4)))) AS enough
    FROM newest n)
  SELECT DISTINCT 'BURST' AS rule, CASE WHEN b.patients >= 3 * b.enough THEN 3 ELSE 2 END AS severity,
    b.user_id AS "userId", NULL::uuid AS "patientId", s.index::text, s.at, to_char(b.at AT TIME ZONE $3, 'YYYY-MM-DD') AS day
  FROM busy b JOIN snooping_seen s ON ${recent('b')}
  WHERE b.patients >= b.enough`;

/** Whoever worked in odd hours on so many of the last 28 days works then. */
const USED_TO_IT = 3;

/** SQL: an hour of the day is among those from $4 up to $5, over midnight where need be. */
const odd = (hour: string) =>
  `CASE WHEN $4::int <= $5::int THEN ${hour} >= $4 AND ${hour} < $5 ELSE ${hour} >= $4 OR ${hour} < $5 END`;
/** A night counts to the day it began. */
const nightOf = (at: string) => `(${at} AT TIME ZONE $3 - make_interval(hours => $5))::date`;

/** Entries in odd hours of people who seldom work then. $3: time zone. */
export const ODD_HOURS = `WITH ${SHOWN},
  late AS (
    SELECT DISTINCT user_id, index, at, ${nightOf('at')} AS night FROM shown
    WHERE ${odd('extract(hour FROM at AT TIME ZONE $3)')})
  SELECT 'ODD_HOUR' AS rule, 1 AS severity, user_id AS "userId", NULL::uuid AS "patientId", index::text, at,
    to_char(night, 'YYYY-MM-DD') AS day
  FROM late WHERE ${USED_TO_IT} > (
    SELECT count(DISTINCT ${nightOf('h.hour')}) FROM snooping_hour h
    WHERE h.user_id = late.user_id AND h.hour >= late.at - ${USUAL} AND ${nightOf('h.hour')} < late.night
      AND ${odd('extract(hour FROM h.hour AT TIME ZONE $3)')})`;

/** Some of what is too old to count, at most $1 rows. */
export const FORGET = [
  `DELETE FROM snooping_seen WHERE (user_id, patient_id) IN (
     SELECT user_id, patient_id FROM snooping_seen WHERE at < $2::timestamptz - interval '1 day' LIMIT $1)`,
  `DELETE FROM snooping_hour WHERE (user_id, hour) IN (
     SELECT user_id, hour FROM snooping_hour WHERE hour < $2::timestamptz - ${USUAL} LIMIT $1)`,
];
