import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Other systems that may ask, and what they prove themselves by; accounts linked to the hospital's own sign-in service. What a client may do, and whose a credential is, is sealed,
 * so that a row changed, moved or made behind the application allows nothing. When a credential was last used stands apart:
 * the audited rows change only when a person changes them.
 */
export class ApiClients1767225600017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_client (
        id uuid CONSTRAINT api_client_pk PRIMARY KEY,
        name sealed NOT NULL,
        allowance sealed NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        revoked_at timestamptz,
        revoked_by uuid
      );

      CREATE TABLE api_client_credential (
        id uuid CONSTRAINT api_client_credential_pk PRIMARY KEY,
        client_id uuid NOT NULL CONSTRAINT api_client_credential_client_fk REFERENCES api_client,
        kind text NOT NULL CONSTRAINT api_client_credential_kind_known CHECK (kind IN ('SECRET', 'PUBLIC_KEY')),
        proof sealed NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX api_client_credential_client_idx ON api_client_credential (client_id, created_at);

      CREATE TABLE api_client_use (
        credential_id uuid CONSTRAINT api_client_use_pk PRIMARY KEY
          CONSTRAINT api_client_use_credential_fk REFERENCES api_client_credential,
        last_used_at timestamptz NOT NULL
      );

      CREATE TABLE oidc_link (
        id uuid CONSTRAINT oidc_link_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT oidc_link_user_unique UNIQUE CONSTRAINT oidc_link_user_fk REFERENCES app_user,
        subject_hash bytea NOT NULL CONSTRAINT oidc_link_subject_unique UNIQUE,
        link sealed NOT NULL,
        created_at timestamptz NOT NULL
      );

      SELECT audit_watch('oidc_link', 'oidcLink');
      GRANT SELECT, INSERT, UPDATE ON oidc_link TO chartseal_app;

      SELECT audit_watch('api_client', 'apiClient');
      SELECT audit_watch('api_client_credential', 'apiClientCredential');

      GRANT SELECT, INSERT, UPDATE ON api_client, api_client_credential, api_client_use TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE oidc_link, api_client_use, api_client_credential, api_client');
  }
}
