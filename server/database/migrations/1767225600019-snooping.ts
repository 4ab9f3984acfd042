import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the rules over the log compare, where they have come to, and what they found.
 *
 * A patient's row in the search index also says what the patient has in common with staff, in tags salted by patient; so it is
 * written with the patient, made anew with the index and destroyed with the rest. Old rows have none until the index is built
 * anew, which the server sees to. What was found is watched like records are; the hits of a finding are made from the log and
 * can be made again.
 */
export class Snooping1767225600019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE app_user ADD COLUMN address sealed;
      ALTER TABLE patient_search ADD COLUMN likeness bytea;
      ALTER TABLE search_generation ADD COLUMN likeness boolean NOT NULL DEFAULT false;

      CREATE TABLE staff_likeness (
        generation integer NOT NULL,
        user_id uuid NOT NULL CONSTRAINT staff_likeness_user_fk REFERENCES app_user,
        kind text NOT NULL CONSTRAINT staff_likeness_kind_known CHECK (kind IN ('surname', 'address', 'person')),
        token bytea NOT NULL,
        CONSTRAINT staff_likeness_pk PRIMARY KEY (generation, user_id, kind, token)
      );

      CREATE TABLE snooping_progress (
        one boolean CONSTRAINT snooping_progress_pk PRIMARY KEY DEFAULT true
          CONSTRAINT snooping_progress_single CHECK (one),
        next_index bigint NOT NULL
      );
      COMMENT ON COLUMN snooping_progress.next_index IS 'first entry of the log that no rule has judged yet';
      INSERT INTO snooping_progress (next_index) SELECT coalesce((SELECT size FROM audit_head), 0);

      CREATE TABLE snooping_seen (
        user_id uuid NOT NULL,
        patient_id uuid NOT NULL,
        at timestamptz NOT NULL,
        index bigint NOT NULL,
        CONSTRAINT snooping_seen_pk PRIMARY KEY (user_id, patient_id)
      );
      CREATE INDEX snooping_seen_at_idx ON snooping_seen (at);
      CREATE INDEX snooping_seen_user_at_idx ON snooping_seen (user_id, at);
      COMMENT ON TABLE snooping_seen IS 'when somebody was last shown a patient, for a day';

      CREATE TABLE snooping_hour (
        user_id uuid NOT NULL,
        hour timestamptz NOT NULL,
        patients integer NOT NULL,
        CONSTRAINT snooping_hour_pk PRIMARY KEY (user_id, hour)
      );
      CREATE INDEX snooping_hour_idx ON snooping_hour (hour);
      COMMENT ON TABLE snooping_hour IS 'how many patients somebody was shown in an hour, for four weeks: what is usual';

      CREATE TABLE snooping_finding (
        id uuid CONSTRAINT snooping_finding_pk PRIMARY KEY,
        rule text NOT NULL CONSTRAINT snooping_finding_rule_known CHECK (rule IN
          ('SAME_SURNAME', 'SAME_ADDRESS', 'COLLEAGUE', 'NO_RELATION', 'BURST', 'ODD_HOUR', 'CONFIDENTIAL')),
        user_id uuid NOT NULL CONSTRAINT snooping_finding_user_fk REFERENCES app_user,
        patient_id uuid CONSTRAINT snooping_finding_patient_fk REFERENCES patient,
        owner_id uuid NOT NULL,
        day text NOT NULL,
        found_at timestamptz NOT NULL,
        verdict text CONSTRAINT snooping_finding_verdict_known CHECK (verdict IN ('EXPLAINED', 'MISUSE')),
        reviewed_by uuid CONSTRAINT snooping_finding_reviewer_fk REFERENCES app_user,
        reviewed_at timestamptz,
        note sealed,
        CONSTRAINT snooping_finding_reviewed_whole
          CHECK ((verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL) = (reviewed_by IS NULL)),
        CONSTRAINT snooping_finding_reviewed_by_another CHECK (reviewed_by <> user_id)
      );
      COMMENT ON COLUMN snooping_finding.owner_id IS 'whose data key seals the note: the patient, or staff where there is none';
      CREATE UNIQUE INDEX snooping_finding_one_open ON snooping_finding
        (user_id, rule, day, (coalesce(patient_id, '00000000-0000-0000-0000-000000000000'))) WHERE verdict IS NULL;
      CREATE INDEX snooping_finding_open_idx ON snooping_finding (id) WHERE verdict IS NULL;
      CREATE INDEX snooping_finding_user_idx ON snooping_finding (user_id, id);
      CREATE INDEX snooping_finding_patient_idx ON snooping_finding (patient_id, id);
      SELECT audit_watch('snooping_finding', 'snooping');

      CREATE TABLE snooping_hit (
        finding_id uuid NOT NULL CONSTRAINT snooping_hit_finding_fk REFERENCES snooping_finding,
        index bigint NOT NULL,
        at timestamptz NOT NULL,
        severity smallint NOT NULL CONSTRAINT snooping_hit_severity_known CHECK (severity BETWEEN 1 AND 3),
        CONSTRAINT snooping_hit_pk PRIMARY KEY (finding_id, index)
      );

      GRANT SELECT, INSERT, DELETE ON staff_likeness TO chartseal_app;
      GRANT SELECT, UPDATE ON snooping_progress TO chartseal_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON snooping_seen, snooping_hour TO chartseal_app;
      GRANT SELECT, INSERT, UPDATE ON snooping_finding TO chartseal_app;
      GRANT SELECT, INSERT ON snooping_hit TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE snooping_hit, snooping_finding, snooping_hour, snooping_seen, snooping_progress, staff_likeness;
      ALTER TABLE search_generation DROP COLUMN likeness;
      ALTER TABLE patient_search DROP COLUMN likeness;
      ALTER TABLE app_user DROP COLUMN address;
    `);
  }
}
