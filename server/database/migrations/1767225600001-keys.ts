import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The `sealed` domain, which refuses plaintext by its shape, and the wrapped keys. */
export class Keys1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE DOMAIN sealed AS bytea CONSTRAINT sealed_envelope CHECK (
        octet_length(VALUE) >= 70 AND octet_length(VALUE) % 32 = 6 AND get_byte(VALUE, 0) = 225
      );

      CREATE TABLE key_epoch (
        epoch integer CONSTRAINT key_epoch_pk PRIMARY KEY,
        wrapped bytea NOT NULL,
        kcv bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE index_key (
        version integer CONSTRAINT index_key_pk PRIMARY KEY,
        wrapped bytea NOT NULL,
        kcv bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE data_key (
        id bigint CONSTRAINT data_key_pk PRIMARY KEY,
        owner uuid NOT NULL,
        purpose text NOT NULL,
        kek_epoch integer NOT NULL CONSTRAINT data_key_epoch_fk REFERENCES key_epoch,
        wrapped bytea NOT NULL,
        kcv bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX data_key_owner_idx ON data_key (owner, created_at DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE data_key, index_key, key_epoch; DROP DOMAIN sealed');
  }
}
