import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Search generations: each an index over all patients under a key of its own, in a partition of its own, so that an old one
 * goes by dropping a table. What was indexed before is built anew when the server opens.
 */
export class Search1767225600005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE patient_token;

      CREATE TABLE search_generation (
        id uuid CONSTRAINT search_generation_pk PRIMARY KEY,
        version integer NOT NULL CONSTRAINT search_generation_version_unique UNIQUE,
        key_id bigint NOT NULL CONSTRAINT search_generation_key_fk REFERENCES data_key,
        plan sealed NOT NULL,
        state text NOT NULL CONSTRAINT search_generation_state_known CHECK (state IN ('building', 'active', 'retired')),
        patients bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      );
      CREATE UNIQUE INDEX search_generation_one_active ON search_generation (state) WHERE state = 'active';
      CREATE UNIQUE INDEX search_generation_one_building ON search_generation (state) WHERE state = 'building';

      CREATE TABLE patient_search (
        generation integer NOT NULL,
        patient_id uuid NOT NULL,
        tokens bytea[] NOT NULL,
        tags bytea NOT NULL,
        CONSTRAINT patient_search_pk PRIMARY KEY (generation, patient_id)
      ) PARTITION BY LIST (generation);
      CREATE INDEX patient_search_tokens_idx ON patient_search USING gin (tokens) WITH (fastupdate = off);

      CREATE FUNCTION search_add_generation(version integer) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
      BEGIN
        -- made first and attached then: that locks out nobody who reads or writes other generations
        EXECUTE format('CREATE TABLE patient_search_%s (LIKE patient_search INCLUDING ALL)', version);
        EXECUTE format('ALTER TABLE patient_search ATTACH PARTITION patient_search_%s FOR VALUES IN (%s)', version, version);
      END $$;

      CREATE FUNCTION search_drop_generation(gone integer) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
      DECLARE
        key bigint;
      BEGIN
        DELETE FROM search_generation WHERE version = gone AND state <> 'active' RETURNING key_id INTO key;
        IF NOT FOUND THEN RETURN; END IF;
        EXECUTE format('DROP TABLE patient_search_%s', gone);
        DELETE FROM data_key WHERE id = key;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION search_add_generation, search_drop_generation;
      DROP TABLE patient_search, search_generation;
      CREATE TABLE patient_token (
        token bytea NOT NULL,
        patient_id uuid NOT NULL CONSTRAINT patient_token_patient_fk REFERENCES patient ON DELETE CASCADE,
        CONSTRAINT patient_token_pk PRIMARY KEY (token, patient_id)
      );
    `);
  }
}
