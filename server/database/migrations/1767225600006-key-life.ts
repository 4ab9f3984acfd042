import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rotating and re-sealing keys need: retired keys, jobs that survive a crash, counts of what is sealed. */
export class KeyLife1767225600006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE data_key ADD COLUMN retired_at timestamptz;
      CREATE INDEX data_key_retired_idx ON data_key (retired_at) WHERE retired_at IS NOT NULL;
      CREATE INDEX data_key_epoch_idx ON data_key (kek_epoch);
      CREATE INDEX data_key_age_idx ON data_key (created_at, id);

      CREATE TABLE key_use (
        key_id bigint NOT NULL,
        messages bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX key_use_key_idx ON key_use (key_id);

      CREATE TABLE key_job (
        id uuid CONSTRAINT key_job_pk PRIMARY KEY,
        kind text NOT NULL CONSTRAINT key_job_kind_known CHECK (kind IN ('ROTATE', 'RESEAL', 'REINDEX')),
        state text NOT NULL CONSTRAINT key_job_state_known CHECK (state IN ('RUNNING', 'DONE', 'FAILED')),
        done bigint NOT NULL DEFAULT 0,
        total bigint NOT NULL DEFAULT 0,
        detail text,
        error text,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT key_job_ends CHECK ((state = 'RUNNING') = (finished_at IS NULL))
      );
      CREATE UNIQUE INDEX key_job_one_running ON key_job ((true)) WHERE state = 'RUNNING';
      CREATE INDEX key_job_started_idx ON key_job (started_at DESC);

      CREATE TABLE key_census (
        table_name text NOT NULL,
        column_name text NOT NULL,
        envelopes bigint NOT NULL,
        without_key bigint NOT NULL,
        under_retired bigint NOT NULL,
        counted_at timestamptz NOT NULL,
        CONSTRAINT key_census_pk PRIMARY KEY (table_name, column_name)
      );

      CREATE OR REPLACE FUNCTION audit_must_have_entry() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        row_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
        wanted text[] := CASE TG_OP WHEN 'INSERT' THEN '{create}' WHEN 'DELETE' THEN '{remove}'
          ELSE '{update,delete,restore,reseal,erase}' END;
      BEGIN
        IF NOT EXISTS (
          SELECT 1 FROM public.audit_pending p -- by its full name: a temporary table of the caller would come first
          WHERE p.txid = pg_current_xact_id() AND p.target_id = row_id AND p.target_type = TG_ARGV[0] AND p.action = ANY (wanted)
        ) THEN
          RAISE EXCEPTION 'a change of % without its audit entry', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
    `);
  }

  /** The trigger function stays as it is: entries of the kinds it knows now may lie in the log. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE key_census, key_job, key_use;
      DROP INDEX data_key_age_idx, data_key_epoch_idx, data_key_retired_idx;
      ALTER TABLE data_key DROP COLUMN retired_at;
    `);
  }
}
