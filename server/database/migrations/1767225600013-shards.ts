import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One log after the other: a closed shard keeps its final checkpoint here, the open one is the head's. Entries of a shard
 * may be deleted once it is marked as dropped, which only the owner of the tables can do; any other deletion is refused as
 * before. What was last written of a row in dropped entries is kept beside them.
 */
export class Shards1767225600013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_shard (
        number integer CONSTRAINT audit_shard_pk PRIMARY KEY,
        origin text NOT NULL CONSTRAINT audit_shard_origin UNIQUE,
        first_index bigint NOT NULL,
        size bigint NOT NULL CONSTRAINT audit_shard_not_empty CHECK (size > 0),
        root bytea NOT NULL,
        chain bytea NOT NULL,
        note text NOT NULL,
        closed_at timestamptz NOT NULL,
        dropped_at timestamptz
      );
      ALTER TABLE audit_head ADD COLUMN shard integer NOT NULL DEFAULT 1, ADD COLUMN first_index bigint NOT NULL DEFAULT 0;
      ALTER TABLE audit_checkpoint ADD COLUMN shard integer NOT NULL DEFAULT 1, DROP CONSTRAINT audit_checkpoint_pk,
        ADD CONSTRAINT audit_checkpoint_pk PRIMARY KEY (shard, size);
      ALTER TABLE audit_subtree ADD COLUMN shard integer NOT NULL DEFAULT 1, DROP CONSTRAINT audit_subtree_pk,
        ADD CONSTRAINT audit_subtree_pk PRIMARY KEY (shard, level, index);

      CREATE TABLE audit_row_anchor (
        target_type text COLLATE "C" NOT NULL,
        target_id uuid NOT NULL,
        action text NOT NULL,
        at timestamptz NOT NULL,
        row_hash text,
        CONSTRAINT audit_row_anchor_pk PRIMARY KEY (target_type, target_id)
      );

      CREATE FUNCTION audit_refuse_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
      BEGIN
        IF EXISTS (
          SELECT FROM gone WHERE gone.index >= (SELECT coalesce(max(s.first_index + s.size), 0) FROM public.audit_shard s
            WHERE s.dropped_at IS NOT NULL)
        ) THEN
          RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
      END $$;
      CREATE FUNCTION audit_refuse_kept_shard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
      BEGIN
        IF EXISTS (
          SELECT FROM gone WHERE gone.shard NOT IN (SELECT s.number FROM public.audit_shard s WHERE s.dropped_at IS NOT NULL)
        ) THEN
          RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
      END $$;
      DROP TRIGGER audit_entry_append_only ON audit_entry;
      DROP TRIGGER audit_checkpoint_append_only ON audit_checkpoint;
      DROP TRIGGER audit_subtree_append_only ON audit_subtree;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_entry_kept AFTER DELETE ON audit_entry REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_kept();
      CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR TRUNCATE ON audit_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_checkpoint_kept AFTER DELETE ON audit_checkpoint REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_kept_shard();
      CREATE TRIGGER audit_subtree_append_only BEFORE UPDATE OR TRUNCATE ON audit_subtree
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_subtree_kept AFTER DELETE ON audit_subtree REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_kept_shard();

      CREATE FUNCTION audit_shard_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR to_jsonb(OLD) - 'dropped_at' <> to_jsonb(NEW) - 'dropped_at' THEN
          RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER audit_shard_append_only BEFORE DELETE OR TRUNCATE ON audit_shard
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_shard_stays BEFORE UPDATE ON audit_shard FOR EACH ROW EXECUTE FUNCTION audit_shard_stays();

      GRANT SELECT ON audit_shard, audit_row_anchor TO chartseal_app, chartseal_auditor;
      GRANT SELECT, INSERT ON audit_shard TO chartseal_sealer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_row_anchor, audit_shard;
      DROP TRIGGER audit_entry_kept ON audit_entry;
      DROP TRIGGER audit_checkpoint_kept ON audit_checkpoint;
      DROP TRIGGER audit_subtree_kept ON audit_subtree;
      DROP FUNCTION audit_refuse_kept, audit_refuse_kept_shard, audit_shard_stays;
      DROP TRIGGER audit_entry_append_only ON audit_entry;
      DROP TRIGGER audit_checkpoint_append_only ON audit_checkpoint;
      DROP TRIGGER audit_subtree_append_only ON audit_subtree;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      CREATE TRIGGER audit_subtree_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_subtree
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      ALTER TABLE audit_subtree DROP COLUMN shard, ADD CONSTRAINT audit_subtree_pk PRIMARY KEY (level, index);
      ALTER TABLE audit_checkpoint DROP COLUMN shard, ADD CONSTRAINT audit_checkpoint_pk PRIMARY KEY (size);
      ALTER TABLE audit_head DROP COLUMN shard, DROP COLUMN first_index;
    `);
  }
}
