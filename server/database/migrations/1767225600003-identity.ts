import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Staff accounts, their sessions, one-time links, and the memory of failed sign-ins. */
export class Identity1767225600003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE app_user (
        id uuid CONSTRAINT app_user_pk PRIMARY KEY,
        email sealed NOT NULL,
        email_token bytea NOT NULL CONSTRAINT app_user_email_unique UNIQUE,
        name sealed NOT NULL,
        role text NOT NULL CONSTRAINT app_user_role_known
          CHECK (role IN ('ADMIN', 'DOCTOR', 'CLINICIAN', 'NURSE', 'AUDITOR', 'INTEGRATION')),
        password_hash text,
        active boolean NOT NULL,
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid
      );

      CREATE TABLE session (
        id uuid CONSTRAINT session_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT session_user_fk REFERENCES app_user,
        refresh_hash bytea NOT NULL,
        generation integer NOT NULL,
        device sealed,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        CONSTRAINT session_end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
      );
      CREATE INDEX session_user_idx ON session (user_id, created_at DESC);

      CREATE TABLE invite (
        id uuid CONSTRAINT invite_pk PRIMARY KEY,
        token_hash bytea NOT NULL CONSTRAINT invite_token_unique UNIQUE,
        user_id uuid CONSTRAINT invite_user_fk REFERENCES app_user,
        purpose text NOT NULL CONSTRAINT invite_purpose_known CHECK (purpose IN ('firstAdmin', 'setUp', 'reset')),
        created_at timestamptz NOT NULL,
        created_by uuid,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT invite_first_admin_has_no_user CHECK ((user_id IS NULL) = (purpose = 'firstAdmin'))
      );
      CREATE INDEX invite_user_idx ON invite (user_id);

      CREATE TABLE sign_in_throttle (
        key bytea CONSTRAINT sign_in_throttle_pk PRIMARY KEY,
        since timestamptz NOT NULL,
        failures integer NOT NULL,
        blocked_until timestamptz
      );
      CREATE INDEX sign_in_throttle_since_idx ON sign_in_throttle (since);

      SELECT audit_watch('app_user', 'user');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_throttle, invite, session, app_user');
  }
}
