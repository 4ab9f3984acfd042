import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever verifies reads the log from entry to entry and wants to know under which patients each is found. By patient first, as
 * the primary key has it, that is a look-up somewhere else in a large index for every one of them.
 */
export class Verify1767225600026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX audit_entry_patient_index_idx ON audit_entry_patient (index, patient_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX audit_entry_patient_index_idx');
  }
}
