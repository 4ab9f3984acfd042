import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Second factors and passkeys. What a factor is proved by is sealed together with whose it is, so that a row moved or made
 * behind the application proves nothing. What changes with each use (last step, counter) stands apart, so that the sealed
 * rows change only when a person changes them.
 */
export class SecondFactor1767225600015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_secret (
        id uuid CONSTRAINT totp_secret_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT totp_secret_user_fk REFERENCES app_user,
        secret sealed NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz
      );
      CREATE UNIQUE INDEX totp_secret_one_confirmed ON totp_secret (user_id) WHERE confirmed_at IS NOT NULL;
      CREATE UNIQUE INDEX totp_secret_one_begun ON totp_secret (user_id) WHERE confirmed_at IS NULL;

      CREATE TABLE totp_use (
        secret_id uuid CONSTRAINT totp_use_pk PRIMARY KEY
          CONSTRAINT totp_use_secret_fk REFERENCES totp_secret ON DELETE CASCADE,
        last_step bigint NOT NULL
      );

      CREATE TABLE recovery_code (
        id uuid CONSTRAINT recovery_code_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT recovery_code_user_fk REFERENCES app_user,
        code_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT recovery_code_unique UNIQUE (user_id, code_hash)
      );

      CREATE TABLE passkey (
        id uuid CONSTRAINT passkey_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT passkey_user_fk REFERENCES app_user,
        credential_hash bytea NOT NULL CONSTRAINT passkey_credential_unique UNIQUE,
        credential sealed NOT NULL,
        name sealed NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX passkey_user_idx ON passkey (user_id, created_at);

      CREATE TABLE passkey_use (
        passkey_id uuid CONSTRAINT passkey_use_pk PRIMARY KEY
          CONSTRAINT passkey_use_passkey_fk REFERENCES passkey ON DELETE CASCADE,
        counter bigint NOT NULL,
        last_used_at timestamptz
      );

      CREATE TABLE spent_proof (
        hash bytea CONSTRAINT spent_proof_pk PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX spent_proof_expires_idx ON spent_proof (expires_at);

      CREATE INDEX session_over_idx ON session (least(expires_at, ended_at));

      ALTER TABLE sign_in_throttle ADD COLUMN succeeded_at timestamptz;

      SELECT audit_watch('totp_secret', 'totp');
      SELECT audit_watch('passkey', 'passkey');

      GRANT SELECT, INSERT, UPDATE, DELETE
        ON totp_secret, totp_use, recovery_code, passkey, passkey_use, spent_proof TO chartseal_app;
      GRANT DELETE ON session TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE DELETE ON session FROM chartseal_app;
      DROP INDEX session_over_idx;
      ALTER TABLE sign_in_throttle DROP COLUMN succeeded_at;
      DROP TABLE spent_proof, passkey_use, passkey, recovery_code, totp_use, totp_secret;
    `);
  }
}
