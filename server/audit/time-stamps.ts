import { randomBytes, type X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { advisoryLocks } from '../database/advisory-locks';
import {
  notesInFile,
  openTimeStamp,
  readCertificates,
  shardFolder,
  TimeStampError,
  timeStampRequest,
  tokenIn,
} from '../ledger';
import { bodyUpTo } from '../platform/bounded-body';
import type { Logger } from '../platform/logger';
import { textOf } from './export-files';

/** The authority that stamps checkpoints. */
export interface TimeStampSettings {
  url: string;
  /** PEM file of the certificates its signature must lead to. */
  caFile: string;
  /** Least time between two stamps, in minutes. */
  everyMinutes: number;
}

export interface TimeStampsDeps extends TimeStampSettings {
  /** Of the sealer's role, which alone may write here. */
  sealerUrl: string;
  logger: Logger;
}

const LOOK_MS = 60_000;
const ANSWER_MS = 10_000;
/** A token with its certificates is some 5 kB. */
const MOST_ANSWER_BYTES = 64 * 1024;
/** How far the authority's clock and ours may differ. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
const NONCE_BYTES = 16;

interface Unstamped {
  shard: number;
  size: string;
  note: string;
}

/** The newest kept checkpoint, unless it or another was stamped too short a while ago. */
const DUE = `SELECT c.shard, c.size::text, c.note FROM audit_checkpoint c
  WHERE NOT EXISTS (SELECT FROM audit_time_stamp s WHERE s.at > now() - $1 * interval '1 minute')
    AND NOT EXISTS (SELECT FROM audit_time_stamp s WHERE (s.shard, s.size) >= (c.shard, c.size))
  ORDER BY c.shard DESC, c.size DESC LIMIT 1`;

/**
 * Has the newest checkpoint stamped by a time-stamping authority (RFC 3161) now and then: whoever has the log's key and the
 * database can still not make a log of last year today. It goes on beside the sealing, which it never holds up.
 */
export class TimeStamps {
  private timer: NodeJS.Timeout | null = null;
  private asking: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly deps: TimeStampsDeps,
    private readonly authorities: readonly X509Certificate[],
  ) {}

  /** Throws when the file of certificates cannot be read. */
  static async open(deps: TimeStampsDeps): Promise<TimeStamps> {
    return new TimeStamps(deps, readCertificates(await readFile(deps.caFile, 'utf8')));
  }

  /** Stamps from now on, whenever it is time. */
  watch(): void {
    const look = () => {
      this.asking = this.stamp()
        .catch((error: unknown) => this.deps.logger.warn({ err: error }, 'the checkpoint could not be time-stamped'))
        .finally(() => (this.timer = setTimeout(look, LOOK_MS).unref()));
    };
    this.timer = setTimeout(look, 0).unref();
  }

  async stop(): Promise<void> {
    await this.asking;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Stamps the newest checkpoint if it is time, and no other server is doing it. Answers whether it did. Throws when it failed. */
  async stamp(everyMinutes = this.deps.everyMinutes): Promise<boolean> {
    const client = new Client({ connectionString: this.deps.sealerUrl, application_name: 'chartseal time stamps' });
    client.on('error', () => undefined); // the query under way tells
    await client.connect();
    try {
      const { rows: lock } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
        advisoryLocks.timeStamping,
      ]);
      const { rows } = lock[0]!.mine ? await client.query<Unstamped>(DUE, [everyMinutes]) : { rows: [] };
      const due = rows[0];
      if (!due) return false;
      const { token, time } = await this.ask(due.note);
      await client.query('INSERT INTO audit_time_stamp (shard, size, note, token, gen_time) VALUES ($1, $2, $3, $4, $5)', [due.shard, due.size, due.note, token, time]); // prettier-ignore
      return true;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Asks the authority, and believes only what leads to its certificates. */
  private async ask(note: string): Promise<{ token: Buffer; time: Date }> {
    const data = Buffer.from(note);
    const nonce = randomBytes(NONCE_BYTES);
    const answer = await fetch(this.deps.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(timeStampRequest(data, nonce)),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status !== 200) throw new TimeStampError(`the authority answered ${answer.status}`);
    const token = tokenIn(await bodyUpTo(answer, MOST_ANSWER_BYTES));
    const time = openTimeStamp(token, { data, nonce, authorities: this.authorities });
    if (Math.abs(time.valueOf() - Date.now()) > CLOCKS_DIFFER_MS)
      throw new TimeStampError(`the authority's clock says ${time.toISOString()}`);
    return { token, time };
  }
}

/** Writes the stamps of an exported log beside it: each the checkpoint that was stamped, and the token. */
export async function exportTimeStamps(pool: Pool, path: string): Promise<void> {
  const { rows } = await pool.query<Unstamped & { token: Buffer }>(
    'SELECT shard, size::text, note, token FROM audit_time_stamp ORDER BY shard, size',
  );
  if (rows.length === 0) return;
  const folder = join(path, 'time-stamps');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { shard, size, note, token } of rows) {
    const own = shard === 1 ? path : join(path, shardFolder(shard));
    const told = [await textOf(join(own, 'checkpoints')), await textOf(join(path, 'dropped'))];
    if (!told.some((text) => notesInFile(text ?? '').includes(note))) continue; // beyond what the witnesses have signed, or dropped
    await writeFile(join(folder, `${shard}-${size}.checkpoint`), note, { flush: true });
    await writeFile(join(folder, `${shard}-${size}.tst`), token, { flush: true });
  }
}
