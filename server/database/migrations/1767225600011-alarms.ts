import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Alarms of the log, seen by every server of the hospital and kept until somebody answers for them. The application may raise
 * and acknowledge; what an alarm says cannot be changed by it, nor can an alarm be taken away.
 */
export class Alarms1767225600011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_alarm (
        id uuid CONSTRAINT audit_alarm_pk PRIMARY KEY,
        kind text NOT NULL CONSTRAINT audit_alarm_kind CHECK (kind IN ('BROKEN', 'CLOCK', 'VANISHED', 'STALE', 'BACKLOG')),
        place text NOT NULL,
        finding text NOT NULL CONSTRAINT audit_alarm_finding CHECK (length(finding) <= 500),
        entry_index bigint,
        request_id text,
        raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        acknowledged_at timestamptz,
        acknowledged_by uuid,
        note text CONSTRAINT audit_alarm_note CHECK (length(note) <= 200),
        CONSTRAINT audit_alarm_answered CHECK ((acknowledged_at IS NULL) = (note IS NULL))
      );
      COMMENT ON COLUMN audit_alarm.place IS 'what tells it from others of its kind: index of an entry, request id';
      COMMENT ON COLUMN audit_alarm.ended_at IS 'since when it holds no more, acknowledged or not';
      CREATE UNIQUE INDEX audit_alarm_one_open ON audit_alarm (kind, place) WHERE ended_at IS NULL;
      CREATE INDEX audit_alarm_unanswered_idx ON audit_alarm (raised_at) WHERE acknowledged_at IS NULL;

      GRANT SELECT, INSERT, UPDATE (ended_at, acknowledged_at, acknowledged_by, note) ON audit_alarm TO chartseal_app;
      GRANT SELECT ON audit_alarm TO chartseal_auditor;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_alarm');
  }
}
