import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import type { BenchCase, Side } from './cases';
import { pause, verified, type Server } from './children';
import type { Sample } from './hospital';
import type { Known, LoadMessage, Reached, Stretch } from './load';
import type { Usage } from './answer-bench';
import type { Measured } from './report';

/** Before each measurement, so that connections and compiled code are there. */
export const WARM_UP_SECONDS = 1;
/** A stretch of settling, and how many there are at most. */
const SETTLE_SECONDS = 5;
const MOST_STRETCHES = 12;
/** Answers of one case after which a server's code for it is compiled. Servers that share the load need as many each. */
const SETTLED_AFTER = 1_000;
const CONNECTIONS = 8;

/** The servers of a side, the load generator, and what there is to ask for. */
export interface ArenaOptions {
  /** A side is one server or several that share the load. */
  sides: Partial<Record<Side, readonly Server[]>>;
  sample: Sample;
  databaseUrl: string;
}

/** The servers and the load generator; only the side being measured runs, the others are halted. */
export class Arena {
  private readonly load: ChildProcess = fork(join(__dirname, 'load.js'));
  private token = '';

  private constructor(private readonly options: ArenaOptions) {}

  static async open(options: ArenaOptions): Promise<Arena> {
    const arena = new Arena(options);
    const known = await versionsNow(options.databaseUrl);
    arena.load.send({ sample: options.sample, known } satisfies LoadMessage);
    const servers = Object.values(options.sides).flat();
    for (const server of servers) server.suspend();
    resumeOnSignal(servers);
    return arena;
  }

  /**
   * Waits for Chartseal's first look through the whole log, and runs each case until its code is compiled: what a server
   * that has been up for a minute has behind it.
   */
  async settle(chosen: readonly BenchCase[], connections = CONNECTIONS): Promise<void> {
    for (const side of this.verifying())
      await this.alone(side, (servers) => Promise.all(servers.map((server) => verified(server))));
    await this.signIn();
    for (const { name, over, under } of chosen) {
      for (const side of [over, under]) {
        await this.alone(side, ({ length }) => this.warm(side, name, length * SETTLED_AFTER, connections));
        if (side !== 'bare') await this.alone(side, () => this.sealed());
      }
    }
  }

  private async warm(side: Side, caseName: string, answers: number, connections: number): Promise<void> {
    let answered = 0;
    for (let stretch = 0; answered < answers && stretch < MOST_STRETCHES; stretch += 1)
      answered += (await this.drive(side, caseName, SETTLE_SECONDS, connections)).answered;
  }

  /** One case on one side, with everybody else halted. */
  async measure(side: Side, caseName: string, seconds: number, connections = CONNECTIONS): Promise<Measured> {
    return this.alone(side, async (servers) => {
      await this.drive(side, caseName, WARM_UP_SECONDS, connections);
      const before = await cpuOf(servers);
      const reached = await this.drive(side, caseName, seconds, connections);
      const after = await cpuOf(servers);
      if (side !== 'bare') await this.sealed();
      return { ...reached, cpuPerRequest: (after - before) / reached.answered };
    });
  }

  /** Does something with one side running. */
  async alone<T>(side: Side, work: (servers: readonly Server[]) => Promise<T>): Promise<T> {
    const servers = this.options.sides[side]!;
    for (const server of servers) server.resume();
    try {
      return await work(servers);
    } finally {
      for (const server of servers) server.suspend();
    }
  }

  async drive(side: Side, caseName: string, seconds: number, connections = CONNECTIONS): Promise<Reached> {
    const urls = this.options.sides[side]!.map(({ url }) => url);
    const token = side === 'bare' ? null : this.token;
    const done = once(this.load, 'message');
    // All variants of Chartseal write the same rows, so they share the versions of what is edited.
    const rows = side === 'bare' ? 'bare' : 'chartseal';
    this.load.send({ stretch: { urls, token, caseName, seconds, connections, rows } satisfies Stretch } as LoadMessage);
    return (await done)[0] as Reached;
  }

  /** An access token lives 15 minutes; a round is shorter. */
  async signIn(): Promise<void> {
    const query = 'mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    await this.alone('chartseal', async ([first]) => {
      const response = await fetch(`${first!.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { input: this.options.sample.doctor } }),
      });
      const { data } = (await response.json()) as { data?: { signIn?: { accessToken: string } } };
      if (!data?.signIn) throw new Error('The doctor cannot sign in.');
      this.token = data.signIn.accessToken;
    });
  }

  async close(): Promise<void> {
    this.load.disconnect();
    await once(this.load, 'exit');
  }

  private verifying(): Side[] {
    return (Object.keys(this.options.sides) as Side[]).filter((side) => side !== 'bare');
  }

  /** Waits until the ledger has sealed what it was given: that work is not to fall into the time of others. */
  private async sealed(): Promise<void> {
    await connected(this.options.databaseUrl, async (client) => {
      for (const giveUp = Date.now() + 20_000; Date.now() < giveUp; await pause(100)) {
        const { rowCount } = await client.query('SELECT FROM audit_pending LIMIT 1');
        if (rowCount === 0) return;
      }
    });
  }
}

/** Versions of a kept hospital's patients have grown in earlier runs. */
async function versionsNow(databaseUrl: string): Promise<Record<string, Known[]>> {
  return connected(databaseUrl, async (client) => {
    const of = async (table: string) => (await client.query<Known>(`SELECT id, version FROM ${table}`)).rows;
    return { chartseal: await of('patient'), bare: await of('bare.patient') };
  });
}

async function connected<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function cpuOf(servers: readonly Server[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.ask<Usage>('usage')));
  return usages.reduce((sum, { cpu }) => sum + cpu, 0);
}

/** A halted server hears nothing, not even that it should end. */
function resumeOnSignal(servers: readonly Server[]): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const server of servers) server.resume();
      process.exit(1);
    });
  }
}
