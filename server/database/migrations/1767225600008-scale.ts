import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes without which a list would be read whole in a large hospital: deleted patients, and whose visits somebody attends. */
export class Scale1767225600008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX patient_deleted_idx ON patient (id) WHERE deleted_at IS NOT NULL;
      CREATE INDEX visit_attending_idx ON visit (attending_id, started_at DESC, id DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX patient_deleted_idx, visit_attending_idx');
  }
}
