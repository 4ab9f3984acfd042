import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Entries that name the same column groups lie together, newest first, like those of any other element. What a GIN index has of a
 * group comes in no order and all at once, which takes the longer the more entries there are. The groups' hash, since an
 * index takes no long texts.
 */
export class LogPages1767225600024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_entry_fields_idx;
      CREATE INDEX audit_entry_fields_idx ON audit_entry (hashtextextended(fields, 0), (-index));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_entry_fields_idx;
      CREATE INDEX audit_entry_fields_idx ON audit_entry USING gin (string_to_array(fields, ','));
    `);
  }
}
