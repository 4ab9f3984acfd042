import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import {
  cosignatureLine,
  EMPTY_ROOT,
  HASH_BYTES,
  isConsistent,
  openCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type VerifierKey,
} from '../ledger';
import type { WitnessState } from './witness-state';

/** An answer of the witness protocol: HTTP status, content type, body. */
export interface WitnessAnswer {
  status: 200 | 400 | 403 | 404 | 409 | 422;
  type: 'text/plain' | 'text/x.tlog.size';
  body: string;
}

export interface WitnessOptions {
  /** Under which the witness signs. */
  name: string;
  key: KeyObject;
  /** The logs it looks after; a name that ends in `/*` stands for every origin that begins as it does, under this key. */
  logs: readonly VerifierKey[];
  state: WitnessState;
}

const MOST_PROOF_LINES = 63;

/**
 * A witness of logs (C2SP tlog-witness): it signs a checkpoint only when that goes on from the last one it signed. Whoever
 * rewrites a log, even with the log's own key, does not get its signature again.
 */
export class Witness {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: WitnessOptions) {}

  /** The key that checks this witness's signatures. */
  get verifierKey(): VerifierKey {
    return { name: this.options.name, key: createPublicKey(this.options.key) };
  }

  /** Answers one request, one after the other: two at once could sign two histories. */
  addCheckpoint(body: string, now = new Date()): Promise<WitnessAnswer> {
    const answer = this.last.then(() => this.answer(body, now));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answer(body: string, now: Date): Promise<WitnessAnswer> {
    const request = readRequest(body);
    if (!request) return refuse(400, 'This is no add-checkpoint request.');
    const { oldSize, proof, note, checkpoint } = request;
    const { logs, state, name, key } = this.options;
    const trusted = logs.filter(({ name }) => isNamed(checkpoint.origin, name));
    if (trusted.length === 0) return refuse(404, 'This witness does not know the log.');
    if (!openCheckpoint(note, trusted.map((log) => log.key))) return refuse(403, 'The checkpoint is not signed by the log.'); // prettier-ignore
    if (oldSize > checkpoint.size) return refuse(400, 'The old size is larger than the checkpoint.');
    const known = state.of(checkpoint.origin);
    if (oldSize !== known.size) return { status: 409, type: 'text/x.tlog.size', body: `${known.size}\n` };
    if (!goesOn(known, checkpoint, proof))
      return refuse(422, 'The checkpoint does not go on from the one signed before.');
    await state.keep(checkpoint); // before the signature leaves: a witness that forgets could sign two histories
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
    return { status: 200, type: 'text/plain', body: cosignatureLine(text, name, key, now) };
  }
}

function isNamed(origin: string, name: string): boolean {
  return name === origin || (name.endsWith('/*') && origin.startsWith(name.slice(0, -1)));
}

function goesOn(known: { size: number; root: Buffer }, next: Checkpoint, proof: readonly Buffer[]): boolean {
  if (next.size === 0) return proof.length === 0 && next.root.equals(EMPTY_ROOT);
  if (known.size === 0) return proof.length === 0;
  return isConsistent(known, next, proof);
}

interface AddCheckpoint {
  oldSize: number;
  proof: Buffer[];
  note: string;
  checkpoint: Checkpoint;
}

/** `old SIZE`, the proof's hashes in base64, an empty line, the checkpoint; null for anything else. */
function readRequest(body: string): AddCheckpoint | null {
  const gap = body.indexOf('\n\n');
  if (gap < 0) return null;
  const [first = '', ...lines] = body.slice(0, gap).split('\n');
  const [, size] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  const note = body.slice(gap + 2);
  const checkpoint = readCheckpoint(note);
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  const sound = proof.every((hash, at) => hash.length === HASH_BYTES && hash.toString('base64') === lines[at]);
  if (size === undefined || !checkpoint || !sound || proof.length > MOST_PROOF_LINES) return null;
  return { oldSize: Number(size), proof, note, checkpoint };
}

function refuse(status: WitnessAnswer['status'], message: string): WitnessAnswer {
  return { status, type: 'text/plain', body: `${message}\n` };
}
