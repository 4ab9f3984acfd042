import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What callers have used up of their budgets, for all servers to know. Unlogged: it changes every second, is worth nothing
 * after a minute, and losing it in a crash gives everybody a whole budget. Keys are keyed hashes: the table names nobody.
 */
export class SharedLimits1767225600021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE caller_budget (
        key bytea CONSTRAINT caller_budget_pk PRIMARY KEY,
        since double precision NOT NULL,
        requests_paid_at double precision NOT NULL,
        cost_paid_at double precision NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON caller_budget TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE caller_budget');
  }
}
