import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Patients, their search tokens and care teams, visits, treatment updates, demographic counts, idempotency keys. */
export class Care1767225600004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE patient (
        id uuid CONSTRAINT patient_pk PRIMARY KEY,
        mrn sealed NOT NULL,
        mrn_token bytea NOT NULL CONSTRAINT patient_mrn_unique UNIQUE,
        name sealed NOT NULL,
        birth_date sealed,
        gender sealed NOT NULL,
        phone sealed,
        email sealed,
        address sealed,
        emergency_contact sealed,
        identifiers sealed,
        allergies sealed,
        problems sealed,
        medications sealed,
        diagnosis sealed,
        medical_history sealed,
        deceased_at sealed,
        delete_reason sealed,
        confidential boolean NOT NULL DEFAULT false,
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid,
        deleted_at timestamptz
      );

      CREATE TABLE patient_token (
        token bytea NOT NULL,
        patient_id uuid NOT NULL CONSTRAINT patient_token_patient_fk REFERENCES patient ON DELETE CASCADE,
        CONSTRAINT patient_token_pk PRIMARY KEY (token, patient_id)
      );

      CREATE TABLE care_team_member (
        id uuid CONSTRAINT care_team_member_pk PRIMARY KEY,
        patient_id uuid NOT NULL CONSTRAINT care_team_member_patient_fk REFERENCES patient,
        user_id uuid NOT NULL CONSTRAINT care_team_member_user_fk REFERENCES app_user,
        since timestamptz NOT NULL,
        CONSTRAINT care_team_member_unique UNIQUE (user_id, patient_id)
      );
      CREATE INDEX care_team_member_patient_idx ON care_team_member (patient_id);

      CREATE TABLE visit (
        id uuid CONSTRAINT visit_pk PRIMARY KEY,
        patient_id uuid NOT NULL CONSTRAINT visit_patient_fk REFERENCES patient,
        source_token bytea CONSTRAINT visit_source_unique UNIQUE,
        type text NOT NULL CONSTRAINT visit_type_known CHECK (type IN ('AMBULATORY', 'INPATIENT', 'EMERGENCY', 'HOME', 'VIRTUAL')),
        status text NOT NULL CONSTRAINT visit_status_known
          CHECK (status IN ('PLANNED', 'IN_PROGRESS', 'FINISHED', 'CANCELLED', 'ENTERED_IN_ERROR')),
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        attending_id uuid CONSTRAINT visit_attending_fk REFERENCES app_user,
        created_by uuid,
        reason sealed,
        notes sealed,
        diagnosis sealed,
        vitals sealed,
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid,
        CONSTRAINT visit_ends_after_start CHECK (ended_at IS NULL OR ended_at >= started_at)
      );
      CREATE INDEX visit_patient_idx ON visit (patient_id, started_at DESC, id DESC);
      CREATE INDEX visit_started_idx ON visit (started_at DESC, id DESC);

      CREATE TABLE treatment_update (
        id uuid CONSTRAINT treatment_update_pk PRIMARY KEY,
        patient_id uuid NOT NULL CONSTRAINT treatment_update_patient_fk REFERENCES patient,
        visit_id uuid CONSTRAINT treatment_update_visit_fk REFERENCES visit,
        author_id uuid CONSTRAINT treatment_update_author_fk REFERENCES app_user,
        text sealed NOT NULL,
        status sealed NOT NULL,
        at timestamptz NOT NULL
      );
      CREATE INDEX treatment_update_patient_idx ON treatment_update (patient_id, id DESC);

      CREATE TABLE demographic_count (
        bucket bytea CONSTRAINT demographic_count_pk PRIMARY KEY,
        people integer NOT NULL CONSTRAINT demographic_count_not_negative CHECK (people >= 0)
      );

      CREATE TABLE idempotency_key (
        token bytea CONSTRAINT idempotency_key_pk PRIMARY KEY,
        request_hash bytea NOT NULL,
        result_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE SEQUENCE mrn_seq START 100001;

      SELECT audit_watch('patient', 'patient');
      SELECT audit_watch('care_team_member', 'careTeam');
      SELECT audit_watch('visit', 'visit');
      SELECT audit_watch('treatment_update', 'treatment');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE idempotency_key, demographic_count, treatment_update, visit, care_team_member, patient_token, patient;
      DROP SEQUENCE mrn_seq;
    `);
  }
}
