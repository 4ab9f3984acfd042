import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hospital } from './hospital';
import { freshDatabase } from './postgres';
import { startServer } from './server-process';

/** A server that can be ended the hard way. */
export interface Doomed {
  address: string;
  /** As a power cut would; settles when the process is gone. */
  kill(): Promise<void>;
}

/** A hospital that is looked into here, while servers in processes of their own answer for it: one database, one keyring. */
export interface HospitalOfProcesses {
  hospital: Hospital;
  /** What further servers and commands of it are started with. */
  settings: Record<string, string>;
  /** One more server of it. Fails the test when it does not start. */
  start(more?: Record<string, string>): Promise<Doomed>;
  /** Kills whatever still runs. */
  close(): Promise<void>;
}

/** @param more settings beside those that a hospital has to have */
export async function openHospitalOfProcesses(more: Record<string, string> = {}): Promise<HospitalOfProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'chartseal-processes-'));
  const settings = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: folder,
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
    DEMO: 'off',
    ...more,
  };
  const hospital = await Hospital.open(settings);
  const doomed: Doomed[] = [];
  return {
    hospital,
    settings,
    async start(changed = {}) {
      const server = startServer({ ...settings, ...changed });
      const kill = async () => {
        server.process.kill('SIGKILL');
        await server.ended;
      };
      const address = await server.ready;
      if (address === null) throw new Error(`a server did not start: ${server.errors()}`);
      doomed.push({ address, kill });
      return { address, kill };
    },
    async close() {
      await Promise.all(doomed.map(({ kill }) => kill()));
      await hospital.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
