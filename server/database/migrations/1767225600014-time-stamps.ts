import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Time stamps (RFC 3161) of checkpoints: what was stamped, and the authority's token. Like the log, only ever added to. */
export class TimeStamps1767225600014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_time_stamp (
        shard integer NOT NULL,
        size bigint NOT NULL,
        note text NOT NULL,
        token bytea NOT NULL,
        gen_time timestamptz NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT audit_time_stamp_pk PRIMARY KEY (shard, size)
      );
      CREATE TRIGGER audit_time_stamp_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_time_stamp
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
      GRANT SELECT ON audit_time_stamp TO chartseal_app, chartseal_sealer, chartseal_auditor;
      GRANT INSERT ON audit_time_stamp TO chartseal_sealer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_time_stamp');
  }
}
