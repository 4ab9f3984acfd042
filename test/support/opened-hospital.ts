import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../server/config/config';
import { openRuntime, type Runtime } from '../../server/runtime';
import { freshDatabase } from './postgres';

export interface OpenedHospital {
  runtime: Runtime;
  dataDir: string;
  /** One figure of a statement: `SELECT count(*) FROM patient`. */
  count(sql: string, values?: unknown[]): Promise<number>;
  close(): Promise<void>;
}

/** A hospital of its own, without an HTTP server, for tests of imports and commands. */
export async function openHospital(): Promise<OpenedHospital> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chartseal-hospital-'));
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: dataDir,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'silent',
    MFA_REQUIRED_ROLES: 'none',
  });
  const runtime = await openRuntime(config, { logger: pino({ level: 'silent' }) });
  return {
    runtime,
    dataDir,
    async count(sql, values = []) {
      const [row] = await runtime.dataSource.query<Record<string, string>[]>(sql, values);
      return Number(Object.values(row ?? {})[0]);
    },
    async close() {
      await runtime.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Entries of the log, sealed or on their way. */
export const ENTRIES = 'SELECT (SELECT count(*) FROM audit_entry) + (SELECT count(*) FROM audit_pending)';
