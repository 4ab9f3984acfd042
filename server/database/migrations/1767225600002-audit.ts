import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log's tables, and the insistence of the database itself: what is sealed into the log stays, and no audited row
 * changes without an entry of the same transaction.
 */
export class Audit1767225600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_pending (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_pending_pk PRIMARY KEY,
        txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        action text NOT NULL,
        target_type text,
        target_id uuid,
        entry bytea NOT NULL CONSTRAINT audit_pending_size CHECK (octet_length(entry) <= 65536),
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX audit_pending_txid_idx ON audit_pending (txid, target_id);

      CREATE TABLE audit_entry (
        index bigint CONSTRAINT audit_entry_pk PRIMARY KEY,
        entry bytea NOT NULL,
        leaf bytea NOT NULL,
        chain bytea NOT NULL,
        at timestamptz NOT NULL,
        actor_id uuid,
        action text NOT NULL,
        outcome text NOT NULL,
        target_type text,
        target_id uuid,
        request_id text
      );
      CREATE INDEX audit_entry_actor_idx ON audit_entry (actor_id, index DESC);
      CREATE INDEX audit_entry_action_idx ON audit_entry (action, index DESC);
      CREATE INDEX audit_entry_target_idx ON audit_entry (target_id, index DESC);
      CREATE INDEX audit_entry_at_idx ON audit_entry (at, index);

      CREATE TABLE audit_entry_patient (
        patient_id uuid NOT NULL,
        index bigint NOT NULL,
        CONSTRAINT audit_entry_patient_pk PRIMARY KEY (patient_id, index)
      );

      CREATE TABLE audit_head (
        one boolean CONSTRAINT audit_head_pk PRIMARY KEY DEFAULT true CONSTRAINT audit_head_single CHECK (one),
        origin text NOT NULL,
        size bigint NOT NULL,
        chain bytea NOT NULL,
        root bytea NOT NULL,
        frontier bytea[] NOT NULL
      );

      CREATE TABLE audit_checkpoint (
        size bigint CONSTRAINT audit_checkpoint_pk PRIMARY KEY,
        note text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );

      CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_pending_untouched BEFORE UPDATE OR TRUNCATE ON audit_pending
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

      CREATE FUNCTION audit_must_have_entry() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        row_id uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
        wanted text[] := CASE TG_OP WHEN 'INSERT' THEN '{create}' WHEN 'DELETE' THEN '{remove}' ELSE '{update,delete,restore}' END;
      BEGIN
        IF NOT EXISTS (
          SELECT 1 FROM audit_pending p
          WHERE p.txid = pg_current_xact_id() AND p.target_id = row_id AND p.target_type = TG_ARGV[0] AND p.action = ANY (wanted)
        ) THEN
          RAISE EXCEPTION 'a change of % without its audit entry', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;

      CREATE FUNCTION audit_watch(watched regclass, type text) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format(
          'CREATE CONSTRAINT TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %s
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_must_have_entry(%L)', watched, type);
        EXECUTE format(
          'CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', watched);
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_checkpoint, audit_head, audit_entry_patient, audit_entry, audit_pending;
      DROP FUNCTION audit_watch, audit_must_have_entry, audit_refuse;
    `);
  }
}
