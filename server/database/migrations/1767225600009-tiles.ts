import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What proofs are read from, so that none needs all leaves: the root of every full run of 256 entries (level 1), of 256 such
 * runs (level 2), and so on: the hashes of C2SP tlog-tiles above level 0. And the newest checkpoint as it stands, which is
 * signed again while the log rests, and cosigned by witnesses.
 */
export class Tiles1767225600009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_subtree (
        level smallint NOT NULL,
        index bigint NOT NULL,
        root bytea NOT NULL CONSTRAINT audit_subtree_hash CHECK (octet_length(root) = 32),
        CONSTRAINT audit_subtree_pk PRIMARY KEY (level, index)
      );
      CREATE TRIGGER audit_subtree_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_subtree
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

      CREATE TABLE audit_newest_checkpoint (
        one boolean CONSTRAINT audit_newest_checkpoint_pk PRIMARY KEY DEFAULT true
          CONSTRAINT audit_newest_checkpoint_single CHECK (one),
        size bigint NOT NULL,
        note text NOT NULL,
        at timestamptz NOT NULL,
        cosigned_size bigint,
        cosigned_note text,
        cosigned_at timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_newest_checkpoint, audit_subtree');
  }
}
