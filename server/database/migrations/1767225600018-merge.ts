import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Duplicate patients merged into one, and taken apart again. A merged record stays a patient of its own, deleted; that it is
 * merged, and into whom, is said by an open row here. A record is merged into one other at most.
 */
export class Merge1767225600018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE patient_merge (
        id uuid CONSTRAINT patient_merge_pk PRIMARY KEY,
        kept_id uuid NOT NULL CONSTRAINT patient_merge_kept_fk REFERENCES patient,
        merged_id uuid NOT NULL CONSTRAINT patient_merge_merged_fk REFERENCES patient,
        mrn sealed NOT NULL,
        reason sealed NOT NULL,
        undo sealed NOT NULL,
        merged_at timestamptz NOT NULL,
        merged_by uuid,
        unmerge_reason sealed,
        unmerged_at timestamptz,
        unmerged_by uuid,
        CONSTRAINT patient_merge_of_two CHECK (kept_id <> merged_id)
      );
      CREATE UNIQUE INDEX patient_merge_one_open ON patient_merge (merged_id) WHERE unmerged_at IS NULL;
      CREATE INDEX patient_merge_kept_idx ON patient_merge (kept_id, id);
      SELECT audit_watch('patient_merge', 'patientMerge');
      GRANT SELECT, INSERT, UPDATE ON patient_merge TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE patient_merge');
  }
}
