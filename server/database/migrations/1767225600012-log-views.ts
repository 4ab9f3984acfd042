import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The elements of an entry that people filter and sort by, each with an index that does both: `(element, -index)` is one
 * value's entries newest first, and all values in order. By `-index` and not by `index DESC`, so that PostgreSQL cannot mistake
 * the primary key for as good a way to the newest entries of a value; and so that a page goes on from a pair of both. Where an
 * entry has none, the new columns hold an empty text, since nothing can be compared with null.
 *
 * Old entries are filled by rewriting the table once, whatever its size: no trigger runs, nothing is left behind to be cleaned
 * up, and memory stays flat. An UPDATE would write each entry twice, and the log refuses it.
 */
export class LogViews1767225600012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit_entry_json(entry bytea) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE
        SET search_path = pg_catalog, pg_temp AS $$ SELECT convert_from(entry, 'UTF8')::json $$;
      ALTER TABLE audit_entry
        ADD COLUMN role text NOT NULL DEFAULT '',
        ADD COLUMN operation text NOT NULL DEFAULT '',
        ADD COLUMN purpose text NOT NULL DEFAULT '',
        ADD COLUMN ip text NOT NULL DEFAULT '',
        ADD COLUMN fields text NOT NULL DEFAULT '';
      DROP INDEX audit_entry_actor_idx, audit_entry_action_idx, audit_entry_at_idx;
      ALTER TABLE audit_entry
        ALTER COLUMN role TYPE text USING coalesce(audit_entry_json(entry) -> 'by' ->> 'r', ''),
        ALTER COLUMN operation TYPE text USING coalesce(audit_entry_json(entry) ->> 'op', ''),
        ALTER COLUMN purpose TYPE text USING coalesce(audit_entry_json(entry) ->> 'w', ''),
        ALTER COLUMN ip TYPE text USING coalesce(audit_entry_json(entry) ->> 'ip', ''),
        ALTER COLUMN fields TYPE text USING translate(audit_entry_json(entry) ->> 'f', '[]"', '');
      CREATE INDEX audit_entry_at_idx ON audit_entry (at, (-index));
      CREATE INDEX audit_entry_actor_idx ON audit_entry
        ((coalesce(actor_id, '00000000-0000-0000-0000-000000000000')), (-index));
      CREATE INDEX audit_entry_action_idx ON audit_entry (action, (-index));
      CREATE INDEX audit_entry_outcome_idx ON audit_entry (outcome, (-index));
      CREATE INDEX audit_entry_role_idx ON audit_entry (role, (-index));
      CREATE INDEX audit_entry_operation_idx ON audit_entry (operation, (-index));
      CREATE INDEX audit_entry_purpose_idx ON audit_entry (purpose, (-index));
      CREATE INDEX audit_entry_ip_idx ON audit_entry (ip, (-index));
      CREATE INDEX audit_entry_target_type_idx ON audit_entry ((coalesce(target_type, '')), (-index));
      CREATE INDEX audit_entry_request_idx ON audit_entry ((coalesce(request_id, '')), (-index));
      CREATE INDEX audit_entry_fields_idx ON audit_entry USING gin (string_to_array(fields, ','));
      DROP FUNCTION audit_entry_json(bytea);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_entry_at_idx, audit_entry_actor_idx, audit_entry_action_idx, audit_entry_outcome_idx, audit_entry_role_idx,
        audit_entry_operation_idx, audit_entry_purpose_idx, audit_entry_ip_idx, audit_entry_target_type_idx,
        audit_entry_request_idx, audit_entry_fields_idx;
      ALTER TABLE audit_entry DROP COLUMN role, DROP COLUMN operation, DROP COLUMN purpose, DROP COLUMN ip, DROP COLUMN fields;
      CREATE INDEX audit_entry_actor_idx ON audit_entry (actor_id, index DESC);
      CREATE INDEX audit_entry_action_idx ON audit_entry (action, index DESC);
      CREATE INDEX audit_entry_at_idx ON audit_entry (at, index);
    `);
  }
}
