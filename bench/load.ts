import autocannon from 'autocannon';
import { caseNamed, type BenchCase } from './cases';
import type { Sample } from './hospital';

/** One stretch of load, shared evenly by servers. */
export interface Stretch {
  urls: string[];
  token: string | null;
  caseName: string;
  seconds: number;
  /** In all, each with the next request as soon as it has an answer. */
  connections: number;
  /** Whose rows are edited: the bare server's have versions of their own. */
  rows: 'chartseal' | 'bare';
}

export interface Reached {
  answered: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  /** The load generator counts the 97.5th percentile, not the 95th. */
  p97: number;
  p99: number;
  /** Answers that were not what was asked for, and requests without an answer. */
  failed: number;
}

/** Patients to edit, and the version each is in. */
export type Known = { id: string; version: number };
export type LoadMessage = { sample: Sample; known: Record<string, Known[]> } | { stretch: Stretch };

/** Patients to edit, by server; one in use by a connection is not in its queue. */
let queues: Record<string, Known[]>;
let sample: Sample;
let phone = 1_000_000;

process.on('message', (message: LoadMessage) => {
  if ('sample' in message) ({ sample, known: queues } = message);
  else void drive(message.stretch).then((reached) => process.send?.(reached));
});
process.on('disconnect', () => process.exit());

async function drive({ urls, token, caseName, seconds, connections, rows }: Stretch): Promise<Reached> {
  const requests = requestsOf(caseNamed(caseName), rows);
  const parts = urls.map((url) =>
    autocannon({
      url: `${url}/graphql`,
      method: 'POST',
      connections: Math.max(1, Math.round(connections / urls.length)),
      duration: seconds,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      requests,
      verifyBody: (body) => !String(body).includes('"errors"'),
    }),
  );
  return together(await Promise.all(parts));
}

/** What several servers reached together; of their percentiles, the slowest. */
function together(parts: autocannon.Result[]): Reached {
  const sum = (of: (part: autocannon.Result) => number) => parts.reduce((total, part) => total + of(part), 0);
  const slowest = (of: (part: autocannon.Result) => number) => Math.max(...parts.map(of));
  return {
    answered: sum(({ requests }) => requests.total),
    requestsPerSecond: sum(({ requests, duration }) => requests.total / duration),
    p50: slowest(({ latency }) => latency.p50),
    p97: slowest(({ latency }) => latency.p97_5),
    p99: slowest(({ latency }) => latency.p99),
    failed: sum(({ non2xx, errors, timeouts, mismatches }) => non2xx + errors + timeouts + mismatches),
  };
}

function requestsOf(wanted: BenchCase, rows: Stretch['rows']): autocannon.Request[] {
  const operations = wanted.operations(sample);
  if (!wanted.edits) return [inTurn(operations.map((operation) => JSON.stringify(operation)))];
  return [edit(operations[0]!, queues[rows]!)];
}

/** One queue of requests for all connections: autocannon's own list would have all ask for the same patient at once. */
function inTurn(bodies: string[]): autocannon.Request {
  if (bodies.length === 1) return { body: bodies[0] };
  let next = 0;
  return { setupRequest: (request) => ({ ...request, body: bodies[next++ % bodies.length] }) };
}

/** Takes the patient longest not edited; with the answer comes the version to name next time. */
function edit(operation: object, queue: Known[]): autocannon.Request {
  return {
    setupRequest: (request, context) => {
      const { id, version } = Object.assign(context, { patient: queue.shift()! }).patient;
      const input = { id, expectedVersion: version, phone: `+46 70 ${phone++}` };
      return { ...request, body: JSON.stringify({ ...operation, variables: { input } }) };
    },
    onResponse: (_status, body, context) => {
      const { id } = (context as { patient: Known }).patient;
      const version = /"version":(\d+)/.exec(body)?.[1];
      if (version) queue.push({ id, version: Number(version) });
    },
  };
}
