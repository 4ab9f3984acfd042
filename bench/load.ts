import autocannon from 'autocannon';
import { cases, type BenchCase } from './cases';
import type { Sample } from './hospital';

/** One stretch of load on one server. */
export interface Stretch {
  url: string;
  token: string | null;
  caseName: string;
  seconds: number;
  /** Which server's patients are edited: each has versions of its own. */
  side: string;
}

export interface Reached {
  answered: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers that were not what was asked for, and requests without an answer. */
  failed: number;
}

/** Patients to edit, and the version each is in. */
export type Known = { id: string; version: number };
export type LoadMessage = { sample: Sample; known: Record<string, Known[]> } | { stretch: Stretch };

const CONNECTIONS = 8;

/** Patients to edit, by server; one in use by a connection is not in its queue. */
let queues: Record<string, Known[]>;
let sample: Sample;
let phone = 1_000_000;

process.on('message', (message: LoadMessage) => {
  if ('sample' in message) ({ sample, known: queues } = message);
  else void drive(message.stretch).then((reached) => process.send?.(reached));
});
process.on('disconnect', () => process.exit());

async function drive({ url, token, caseName, seconds, side }: Stretch): Promise<Reached> {
  const wanted = cases.find(({ name }) => name === caseName)!;
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    requests: requestsOf(wanted, side),
    verifyBody: (body) => !String(body).includes('"errors"'),
  });
  return {
    answered: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts + result.mismatches,
  };
}

function requestsOf(wanted: BenchCase, side: string): autocannon.Request[] {
  const operations = wanted.operations(sample);
  if (!wanted.edits) return [inTurn(operations.map((operation) => JSON.stringify(operation)))];
  return [edit(operations[0]!, queues[side]!)];
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
