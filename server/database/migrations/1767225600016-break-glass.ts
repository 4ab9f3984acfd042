import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Care teams with roles and dates, break-glass grants, and why a patient is confidential.
 *
 * Who is on a team now, and which grant is open now, is said once, by the two views: PostgreSQL's own clock decides, in the
 * very statement that asks. Places are closed, not deleted, so a colleague may have several on one patient's team, one after
 * another.
 */
export class BreakGlass1767225600016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE care_team_member
        ADD COLUMN care_role text CONSTRAINT care_team_member_role_known
          CHECK (care_role IN ('ATTENDING', 'CONSULTING', 'NURSING', 'COVERING', 'OTHER')),
        ADD COLUMN until timestamptz,
        ADD COLUMN added_by uuid,
        ADD COLUMN closed_by uuid,
        ADD COLUMN reason sealed,
        DROP CONSTRAINT care_team_member_unique;
      CREATE INDEX care_team_member_user_idx ON care_team_member (user_id, patient_id, until);
      CREATE VIEW care_team_now AS
        SELECT id, patient_id, user_id FROM care_team_member WHERE until IS NULL OR until > statement_timestamp();

      ALTER TABLE patient ADD COLUMN confidential_reason sealed;

      CREATE TABLE break_glass_grant (
        id uuid CONSTRAINT break_glass_grant_pk PRIMARY KEY,
        patient_id uuid NOT NULL CONSTRAINT break_glass_grant_patient_fk REFERENCES patient,
        user_id uuid NOT NULL CONSTRAINT break_glass_grant_user_fk REFERENCES app_user,
        reason text NOT NULL CONSTRAINT break_glass_grant_reason_known
          CHECK (reason IN ('EMERGENCY', 'COVERING_COLLEAGUE', 'CONSULT', 'PATIENT_REQUEST', 'OTHER')),
        text sealed NOT NULL,
        started_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        verdict text CONSTRAINT break_glass_grant_verdict_known CHECK (verdict IN ('APPROPRIATE', 'QUESTIONED')),
        reviewed_by uuid CONSTRAINT break_glass_grant_reviewer_fk REFERENCES app_user,
        reviewed_at timestamptz,
        note sealed,
        CONSTRAINT break_glass_grant_length
          CHECK (expires_at > started_at AND expires_at <= started_at + interval '60 minutes'),
        CONSTRAINT break_glass_grant_ended_within CHECK (ended_at >= started_at AND ended_at <= expires_at),
        CONSTRAINT break_glass_grant_reviewed_whole
          CHECK ((verdict IS NULL) = (reviewed_at IS NULL) AND (verdict IS NULL) = (reviewed_by IS NULL)),
        CONSTRAINT break_glass_grant_reviewed_by_another CHECK (reviewed_by <> user_id)
      );
      CREATE INDEX break_glass_grant_user_idx ON break_glass_grant (user_id, expires_at);
      CREATE INDEX break_glass_grant_patient_idx ON break_glass_grant (patient_id);
      CREATE INDEX break_glass_grant_unreviewed_idx ON break_glass_grant (id) WHERE reviewed_at IS NULL;
      CREATE VIEW break_glass_open AS
        SELECT id, patient_id, user_id, expires_at FROM break_glass_grant
        WHERE ended_at IS NULL AND expires_at > statement_timestamp();
      SELECT audit_watch('break_glass_grant', 'breakGlass');

      GRANT SELECT, INSERT, UPDATE ON break_glass_grant TO chartseal_app;
      GRANT SELECT ON care_team_now, break_glass_open TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW break_glass_open, care_team_now;
      DROP TABLE break_glass_grant;
      ALTER TABLE patient DROP COLUMN confidential_reason;
      DROP INDEX care_team_member_user_idx;
      ALTER TABLE care_team_member
        DROP COLUMN care_role, DROP COLUMN until, DROP COLUMN added_by, DROP COLUMN closed_by, DROP COLUMN reason,
        ADD CONSTRAINT care_team_member_unique UNIQUE (user_id, patient_id);
    `);
  }
}
