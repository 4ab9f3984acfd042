import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trigger that keeps amendments asks the hospital's tables, not temporary ones that a caller has called alike. */
export class AmendmentPath1767225600028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION amendment_stays() SET search_path = public, pg_temp');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION amendment_stays() RESET search_path');
  }
}
