import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hospital } from './hospital';
import { freshDatabase } from './postgres';

/** Two servers of one hospital: the same database, the same keys, the same people. */
export interface TwoServers {
  one: Hospital;
  other: Hospital;
  /** What a further server of it is started with. */
  settings: Record<string, string>;
  /** For whatever a test wants to keep beside them. */
  folder: string;
  close(): Promise<void>;
}

export async function openTwoServers(): Promise<TwoServers> {
  const folder = await mkdtemp(join(tmpdir(), 'chartseal-two-'));
  const settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
  };
  const one = await Hospital.open(settings);
  const other = await Hospital.open(settings, undefined, one);
  return {
    one,
    other,
    settings,
    folder,
    async close() {
      await other.close();
      await one.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
