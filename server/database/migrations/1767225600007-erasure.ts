import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erasures and the data keys they destroyed, and when a session last proved its password again.
 *
 * An erased patient is a row of `erasure`, not a further column of `patient`: row hashes cover every column, so a new one
 * would make each row written before this migration look changed.
 */
export class Erasure1767225600007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE session ADD COLUMN stepped_up_at timestamptz;

      CREATE TABLE erasure (
        id uuid CONSTRAINT erasure_pk PRIMARY KEY,
        erased_at timestamptz NOT NULL,
        erased_by uuid,
        reason sealed NOT NULL,
        certificate text NOT NULL,
        applied boolean NOT NULL
      );
      COMMENT ON COLUMN erasure.id IS 'the patient who was erased';
      COMMENT ON COLUMN erasure.applied IS 'false while it is known from a key store or a certificate only, and its rows are yet to be cleared';
      CREATE INDEX erasure_unapplied_idx ON erasure (id) WHERE NOT applied;

      CREATE TABLE destroyed_key (
        id bigint CONSTRAINT destroyed_key_pk PRIMARY KEY,
        owner uuid NOT NULL
      );
      COMMENT ON TABLE destroyed_key IS 'data keys an erasure destroyed: envelopes under them are accounted for and never open again';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE destroyed_key, erasure; ALTER TABLE session DROP COLUMN stepped_up_at');
  }
}
