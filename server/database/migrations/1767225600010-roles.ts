import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the server may do in the database, part by part; what is not granted is refused. Roles belong to the whole cluster and
 * are shared by its databases, privileges are this database's own.
 */
const grants: Record<string, Record<string, string>> = {
  chartseal_app: {
    'SELECT ON': 'ALL TABLES IN SCHEMA public',
    'INSERT ON': `app_user, audit_pending, audit_subtree, care_team_member, data_key, demographic_count, destroyed_key, erasure,
      idempotency_key, index_key, invite, key_census, key_epoch, key_job, key_use, patient, patient_search,
      search_generation, session, sign_in_throttle, treatment_update, visit`,
    'UPDATE ON': `app_user, care_team_member, data_key, demographic_count, destroyed_key, erasure, idempotency_key, index_key, invite,
      key_census, key_epoch, key_job, patient, patient_search, search_generation, session, sign_in_throttle,
      treatment_update, visit`,
    'DELETE ON': `care_team_member, data_key, demographic_count, idempotency_key, invite, key_census, key_epoch, key_use,
      patient_search, search_generation, sign_in_throttle, visit`,
    'USAGE ON': 'SEQUENCE mrn_seq',
    'EXECUTE ON': 'FUNCTION search_add_generation(integer), search_drop_generation(integer)',
  },
  chartseal_sealer: {
    'SELECT ON':
      'audit_pending, audit_entry, audit_entry_patient, audit_head, audit_checkpoint, audit_newest_checkpoint',
    'INSERT ON': 'audit_entry, audit_entry_patient, audit_head, audit_checkpoint, audit_newest_checkpoint',
    'UPDATE ON': 'audit_head, audit_newest_checkpoint',
    'DELETE ON': 'audit_pending',
  },
  chartseal_auditor: {
    'SELECT ON': `audit_entry, audit_entry_patient, audit_head, audit_checkpoint, audit_newest_checkpoint, audit_subtree`,
  },
};

export class Roles1767225600010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Temporary tables come last, else a caller's own would be taken for the hospital's with the owner's rights.
    await runner.query(`
      REVOKE EXECUTE ON FUNCTION search_add_generation(integer), search_drop_generation(integer) FROM PUBLIC;
      ALTER FUNCTION search_add_generation(integer) SET search_path = public, pg_temp;
      ALTER FUNCTION search_drop_generation(integer) SET search_path = public, pg_temp;
    `);
    for (const [role, privileges] of Object.entries(grants)) {
      await this.makeRole(runner, role);
      for (const [privilege, objects] of Object.entries(privileges)) {
        await runner.query(`GRANT ${privilege} ${objects} TO ${role}`);
      }
    }
  }

  /** The roles stay: other databases of the cluster may use them. */
  async down(runner: QueryRunner): Promise<void> {
    for (const role of Object.keys(grants)) await runner.query(`DROP OWNED BY ${role}`);
  }

  /** Whoever migrates becomes a member, so that one login can serve as all of them where nobody gave it several. */
  private async makeRole(runner: QueryRunner, role: string): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
        IF NOT pg_has_role('${role}', 'MEMBER') THEN GRANT ${role} TO CURRENT_USER; END IF;
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was migrated just now
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'the role ${role} is missing, or % may not act as it; see docs/operations/database-roles.md', CURRENT_USER;
      END $$`);
  }
}
