import { Client } from 'pg';
import { ExitError, exitCodes, type Say } from '../platform/exit';
import { prepareDataDir } from './data-dir';
import { useEmbeddedPostgres } from './embedded';
import { actingAs, type DatabaseUrls } from './roles';

/** A PostgreSQL that answers, and how to let go of it. */
export interface Database {
  urls: DatabaseUrls;
  close(): Promise<void>;
}

export interface DatabaseSettings {
  /** Null: the embedded one. */
  databaseUrl: string | null;
  /** Logins of their own for migrating and for sealing; null: the one of `databaseUrl` acts as all of them. */
  ownerDatabaseUrl: string | null;
  sealerDatabaseUrl: string | null;
  dataDir: string;
}

/** Oldest PostgreSQL whose features the migrations use. */
const OLDEST_MAJOR = 15;
const PATIENCE_MS = 15_000;

/**
 * Reaches the PostgreSQL the settings name, or brings up the embedded one, and says which.
 * @throws ExitError with one clear line when it cannot be reached or is too old
 */
export async function openDatabase(settings: DatabaseSettings, say: Say): Promise<Database> {
  if (settings.databaseUrl === null) {
    const embedded = await useEmbeddedPostgres(settings.dataDir, say);
    say(HOW[embedded.how]);
    return { urls: embedded.urls, close: () => embedded.release() };
  }
  await prepareDataDir(settings.dataDir, { embedded: false });
  const version = await reach(settings.databaseUrl);
  say(`PostgreSQL ${version} at ${placeOf(settings.databaseUrl)}`);
  const { ownerDatabaseUrl, sealerDatabaseUrl, databaseUrl } = settings;
  return {
    urls: {
      owner: ownerDatabaseUrl ?? databaseUrl,
      app: actingAs(databaseUrl, 'app'),
      sealer: actingAs(sealerDatabaseUrl ?? databaseUrl, 'sealer'),
    },
    close: async () => undefined,
  };
}

const HOW = {
  created: 'Embedded PostgreSQL created and started',
  started: 'Embedded PostgreSQL started',
  attached: 'Embedded PostgreSQL was already running: attached to it',
};

/** Asks for the version; waits while the server is still starting up. */
async function reach(url: string): Promise<string> {
  for (const giveUp = Date.now() + PATIENCE_MS; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
      const version = rows[0]?.version ?? '0';
      if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return version;
      throw new ExitError(
        `PostgreSQL at ${placeOf(url)} is version ${version}; Chartseal needs ${OLDEST_MAJOR} or later.`,
        exitCodes.database,
      );
    } catch (error) {
      if (error instanceof ExitError) throw error;
      const code = codeOf(error);
      if (code !== STARTING_UP || Date.now() > giveUp) {
        throw new ExitError(
          `PostgreSQL at ${placeOf(url)} cannot be used: ${reasonOf(error, code)}.`,
          exitCodes.database,
        );
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const STARTING_UP = '57P03';

/** Host, port and database of a connection string; never its user or password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : '';
  return [message || 'no connection', code && `(${code})`].filter(Boolean).join(' ');
}
