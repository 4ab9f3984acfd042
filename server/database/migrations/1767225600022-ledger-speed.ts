import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Waiting entries are looked for by their row only: by the trigger that asks whether a changed row has its entry. Those of reads
 * name no row, so they need no place in that index; it is a fifth of what entering a read costs PostgreSQL.
 */
export class LedgerSpeed1767225600022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_pending_txid_idx;
      CREATE INDEX audit_pending_txid_idx ON audit_pending (txid, target_id) WHERE target_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX audit_pending_txid_idx;
      CREATE INDEX audit_pending_txid_idx ON audit_pending (txid, target_id);
    `);
  }
}
