import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes of the log that cost less to keep, of which each still has its entries in the log's own order. Most entries are of
 * something done for treatment that went well, and name no row: these usual values are no longer in the indexes of purpose,
 * outcome and target. And entries that name the same column groups lie together, like those of any other
 * element: what a GIN index has of a group comes in no order and all at once, which takes the longer the more there are. By the hash of
 * the groups, since an index takes no long texts.
 */
export class LogPages1767225600024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_entry_fields_idx, audit_entry_outcome_idx, audit_entry_purpose_idx,
        audit_entry_target_type_idx, audit_entry_target_idx;
      CREATE INDEX audit_entry_fields_idx ON audit_entry (hashtextextended(fields, 0), (-index));
      CREATE INDEX audit_entry_outcome_idx ON audit_entry (outcome, (-index)) WHERE outcome <> 'ok';
      CREATE INDEX audit_entry_purpose_idx ON audit_entry (purpose, (-index)) WHERE purpose <> 'treatment';
      CREATE INDEX audit_entry_target_type_idx ON audit_entry ((coalesce(target_type, '')), (-index))
        WHERE coalesce(target_type, '') <> '';
      CREATE INDEX audit_entry_target_idx ON audit_entry (target_id, (-index)) WHERE target_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_entry_fields_idx, audit_entry_outcome_idx, audit_entry_purpose_idx,
        audit_entry_target_type_idx, audit_entry_target_idx;
      CREATE INDEX audit_entry_fields_idx ON audit_entry USING gin (string_to_array(fields, ','));
      CREATE INDEX audit_entry_outcome_idx ON audit_entry (outcome, (-index));
      CREATE INDEX audit_entry_purpose_idx ON audit_entry (purpose, (-index));
      CREATE INDEX audit_entry_target_type_idx ON audit_entry ((coalesce(target_type, '')), (-index));
      CREATE INDEX audit_entry_target_idx ON audit_entry (target_id, index DESC);
    `);
  }
}
