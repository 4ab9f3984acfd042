import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SQL for the data-key id of an envelope: its bytes 2 to 9. */
const keyIdIn = (cell: string) => `('x' || encode(substring(${cell}::bytea FROM 3 FOR 8), 'hex'))::bit(64)::bigint`;

/**
 * What closed visits were before they were amended. The application may add such rows and read them; it may neither remove
 * them nor change author, time, version or visit. Envelopes give way only to ones under a newer key of the same patient, which is
 * what re-sealing does, or under the key of the patient to whom the visit was moved, as a merge does. Under the key they are
 * sealed by nothing can be put in their place, whoever brings it.
 */
export class Amendments1767225600020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE visit_amendment (
        id uuid CONSTRAINT visit_amendment_pk PRIMARY KEY,
        patient_id uuid NOT NULL CONSTRAINT visit_amendment_patient_fk REFERENCES patient,
        visit_id uuid NOT NULL CONSTRAINT visit_amendment_visit_fk REFERENCES visit,
        author_id uuid,
        version integer NOT NULL,
        at timestamptz NOT NULL,
        reason sealed,
        before sealed NOT NULL,
        CONSTRAINT visit_amendment_once UNIQUE (visit_id, version)
      );
      CREATE INDEX visit_amendment_patient_idx ON visit_amendment (patient_id);
      COMMENT ON COLUMN visit_amendment.version IS 'version of the visit that was replaced, and is kept here';
      COMMENT ON COLUMN visit_amendment.patient_id IS 'under whose data key it is sealed';

      CREATE FUNCTION amendment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        moved text[] := '{patient_id,reason,before}';
      BEGIN
        IF TG_OP = 'DELETE'
          OR to_jsonb(NEW) - moved <> to_jsonb(OLD) - moved OR (NEW.reason IS NULL) <> (OLD.reason IS NULL)
          OR NOT EXISTS (
            SELECT 1 FROM data_key newer
            WHERE newer.owner = NEW.patient_id AND newer.retired_at IS NULL
              AND newer.id = ${keyIdIn('NEW.before')} AND (NEW.reason IS NULL OR newer.id = ${keyIdIn('NEW.reason')})
              AND CASE WHEN NEW.patient_id = OLD.patient_id
                THEN EXISTS (SELECT 1 FROM data_key older
                  WHERE older.id = ${keyIdIn('OLD.before')} AND older.created_at < newer.created_at)
                ELSE EXISTS (SELECT 1 FROM visit v WHERE v.id = NEW.visit_id AND v.patient_id = NEW.patient_id) END)
        THEN
          RAISE EXCEPTION 'amendments are append-only' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON visit_amendment
        FOR EACH ROW EXECUTE FUNCTION amendment_stays();
      SELECT audit_watch('visit_amendment', 'visitAmendment');

      GRANT SELECT, INSERT ON visit_amendment TO chartseal_app;
      GRANT UPDATE (patient_id, reason, before) ON visit_amendment TO chartseal_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE visit_amendment; DROP FUNCTION amendment_stays');
  }
}
