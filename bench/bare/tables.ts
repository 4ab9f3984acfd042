/** The same patients and visits in clear, in a schema of their own of the same database, indexed for the same questions. */
export const bareTables = `
  DROP SCHEMA IF EXISTS bare CASCADE;
  CREATE SCHEMA bare;
  CREATE SEQUENCE bare.mrn_seq START 900001;
  CREATE TABLE bare.patient (
    id uuid PRIMARY KEY,
    mrn text NOT NULL UNIQUE,
    name jsonb NOT NULL,
    birth_date date,
    gender text NOT NULL,
    phone text,
    email text,
    address jsonb,
    emergency_contact jsonb,
    identifiers jsonb NOT NULL,
    allergies jsonb NOT NULL,
    problems jsonb NOT NULL,
    medications jsonb NOT NULL,
    diagnosis text,
    medical_history text,
    deceased_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  );
  CREATE INDEX patient_name_idx ON bare.patient USING gin (to_tsvector('simple', name));
  CREATE TABLE bare.visit (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES bare.patient,
    type text NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    reason text,
    notes text,
    diagnosis text,
    vitals jsonb,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  );
  CREATE INDEX visit_patient_idx ON bare.visit (patient_id, started_at DESC, id DESC);
`;
