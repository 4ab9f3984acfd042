import { createHmac } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { ExitError, exitCodes, type Say } from '../platform/exit';
import { advisoryLocks } from './advisory-locks';
import {
  ensureCluster,
  findPostmaster,
  freePort,
  lastComplaint,
  launch,
  pause,
  ROLE,
  stopPostmaster,
  type Postmaster,
} from './embedded-cluster';
import { embeddedHome, type EmbeddedHome } from './embedded-home';
import { databaseRoles, type DatabaseUrls } from './roles';

/** The embedded PostgreSQL, held by this process until released. */
export interface EmbeddedPostgres {
  urls: DatabaseUrls;
  /** How this process came by it. */
  how: 'created' | 'started' | 'attached';
  /** Lets go; the last process to do so stops PostgreSQL and waits until it has ended. */
  release(): Promise<void>;
}

/** Recovery after a crash replays the write-ahead log first, which may take its time. */
const PATIENCE_MS = 300_000;
/** A killed server's children may hold its memory for a moment, so one failed launch says little. */
const LAUNCHES = 6;

/**
 * Brings the embedded PostgreSQL of a DATA_DIR up and holds it: creates it when missing, starts it when stopped,
 * attaches when another process (a server, a command, or one killed without warning) left it running. Several
 * processes may do so at once: PostgreSQL's own pid file lets one start, the others attach.
 * @throws ExitError with one clear line
 */
export async function useEmbeddedPostgres(dataDir: string, say: Say): Promise<EmbeddedPostgres> {
  const home = await embeddedHome(dataDir, say);
  const created = await ensureCluster(home);
  const hold = new Hold(home);
  const { launched, port } = await hold.take();
  const how = created ? 'created' : launched ? 'started' : 'attached';
  return { urls: connectionStrings(home, port), how, release: () => hold.release() };
}

/** Keeps the cluster running and marked as used; takes it again when the connection is lost. */
class Hold {
  private client: Client | null = null;
  private port: number | null = null;
  private released = false;

  constructor(private readonly home: EmbeddedHome) {}

  async take(): Promise<{ launched: boolean; port: number }> {
    let mine: { ended: boolean } | null = null;
    let failures = 0;
    for (const giveUp = Date.now() + PATIENCE_MS; Date.now() < giveUp && failures < LAUNCHES; await pause(20)) {
      const postmaster = await findPostmaster(this.home);
      if (postmaster !== null && (await this.lock(postmaster, mine !== null))) {
        return { launched: mine !== null && !mine.ended, port: postmaster.port };
      }
      if (postmaster === null && mine === null) mine = await launch(this.home, this.port ?? (await freePort()));
      if (mine?.ended === true) {
        mine = null;
        failures += 1;
        await pause(250 * failures);
      }
    }
    const why = await lastComplaint(this.home);
    throw new ExitError(`The embedded PostgreSQL does not start: ${why}`, exitCodes.database);
  }

  async release(): Promise<void> {
    this.released = true;
    const { client } = this;
    if (client === null) return;
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [advisoryLocks.embeddedInUse]);
      const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [
        advisoryLocks.embeddedInUse,
      ]);
      const postmaster = rows[0]?.last === true ? await findPostmaster(this.home) : null;
      if (postmaster !== null) await stopPostmaster(postmaster);
    } catch (error) {
      if (error instanceof ExitError) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** False while the server is starting up, stopping or out of reach: worth another try. */
  private async lock(postmaster: Postmaster, launchedHere: boolean): Promise<boolean> {
    const { port } = postmaster;
    let client = clientFor(this.home, port, ROLE);
    try {
      await client.connect().catch(async (error: unknown) => {
        if (!isMissingRole(error)) throw error;
        await createOwnerAndDatabase(this.home, port);
        client = clientFor(this.home, port, ROLE);
        await client.connect();
      });
      await ensureLogins(client, this.home, port);
      await client.query('SELECT pg_advisory_lock_shared($1)', [advisoryLocks.embeddedInUse]);
    } catch (error) {
      await client.end().catch(() => undefined);
      if (error instanceof DatabaseError && error.code === '28P01') {
        if (launchedHere) await stopPostmaster(postmaster);
        throw new ExitError(
          `The password in DATA_DIR/postgresql.password does not fit the database in ${this.home.data}.`,
          exitCodes.database,
        );
      }
      return false;
    }
    this.client = client;
    this.port = port;
    client.once('error', () => void this.retake());
    return true;
  }

  /** PostgreSQL went away under us (killed, or it restarted itself after losing a process): bring it back. */
  private async retake(): Promise<void> {
    this.client = null;
    while (!this.released && this.client === null) {
      await this.take().catch(() => pause(1000));
    }
    if (this.released) await this.release();
  }
}

/** First use of a new cluster. Two processes may come here at once; the second finds the work done. */
function createOwnerAndDatabase(home: EmbeddedHome, port: number): Promise<void> {
  return asAdmin(home, port, async (admin) => {
    await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD ${admin.escapeLiteral(home.password)}`).catch(unlessThere);
    await admin.query(`CREATE DATABASE ${ROLE} OWNER ${ROLE}`).catch(unlessThere);
  });
}

/** Each part of the server has a login of its own here, so that none can take another's role. */
async function ensureLogins(owner: Client, home: EmbeddedHome, port: number): Promise<void> {
  const roles = Object.values(databaseRoles);
  const { rowCount: known } = await owner.query('SELECT FROM pg_roles WHERE rolname = ANY($1)', [roles]);
  if (known === roles.length) return;
  await asAdmin(home, port, async (admin) => {
    for (const role of roles) {
      const password = admin.escapeLiteral(passwordOf(home, role));
      await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD ${password}`).catch(unlessThere);
      await admin.query(`GRANT ${role} TO ${ROLE}`);
    }
  });
}

async function asAdmin(home: EmbeddedHome, port: number, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = clientFor(home, port, 'postgres');
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** One secret is kept; from it nobody gets back who has only a role's own. */
function passwordOf({ password }: EmbeddedHome, role: string): string {
  return createHmac('sha256', password).update(role).digest('hex');
}

const ALREADY_THERE = ['42710', '42P04', '23505'];
function unlessThere(error: unknown): void {
  if (!(error instanceof DatabaseError && ALREADY_THERE.includes(error.code ?? ''))) throw error;
}

/** An unknown role is told as a failed password (28P01), like a wrong one; a missing database as 3D000. */
function isMissingRole(error: unknown): boolean {
  return error instanceof DatabaseError && ['28P01', '3D000'].includes(error.code ?? '');
}

function clientFor(home: EmbeddedHome, port: number, role: string): Client {
  const database = role === ROLE ? ROLE : 'postgres';
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: role,
    password: home.password,
    database,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  return client;
}

function connectionStrings(home: EmbeddedHome, port: number): DatabaseUrls {
  const at = (role: string, password: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${ROLE}`;
  return {
    owner: at(ROLE, home.password),
    app: at(databaseRoles.app, passwordOf(home, databaseRoles.app)),
    sealer: at(databaseRoles.sealer, passwordOf(home, databaseRoles.sealer)),
  };
}
