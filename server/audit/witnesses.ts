import { cosignedAt, quorumAt, readNote, type Checkpoint, type Policy, type Witness } from '../ledger';
import { bodyUpTo } from '../platform/bounded-body';
import type { Logger } from '../platform/logger';
import type { CosignedNote } from './notary';
import type { LogProofs } from './proofs';

export interface WitnessesDeps {
  proofs: LogProofs;
  /** Takes what the quorum has signed. */
  keep: (cosigned: CosignedNote) => void;
  logger: Logger;
}

/** What a witness has signed last, by its name and the origin of the log. */
type Seen = Map<string, number>;

/** Least time between two rounds of asking. */
const ROUND_MS = 5_000;
const ANSWER_MS = 5_000;
/** A signature line is some 150 bytes. */
const MOST_ANSWER = 4_096;
/** How far ahead of ours a witness's clock may be: a signature from the future would hide for as long that nothing new is signed. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/**
 * Asks the witnesses of the policy to sign new checkpoints (C2SP tlog-witness), in the background: a witness that is away
 * delays nobody.
 */
export class Witnesses {
  private readonly seen: Seen = new Map();
  private waiting: { checkpoint: Checkpoint; note: string } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    readonly policy: Policy,
    private readonly deps: WitnessesDeps,
  ) {}

  /** Remembers the newest note; the next round takes it to the witnesses. */
  readonly onSigned = (checkpoint: Checkpoint, note: string): void => {
    this.waiting = { checkpoint, note };
    if (this.timer || this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.round = this.round.then(() => this.ask());
    }, ROUND_MS).unref();
  };

  /** Asks now, when there is something to ask about. */
  async ask(): Promise<void> {
    const { waiting } = this;
    this.waiting = null;
    if (!waiting || this.stopped) return;
    const cosigned = await this.cosign(waiting.checkpoint, waiting.note);
    if (cosigned) this.deps.keep(cosigned);
  }

  /** Takes a note to all witnesses at once. Null when the quorum did not sign it. */
  async cosign(checkpoint: Checkpoint, note: string): Promise<CosignedNote | null> {
    const lines = await Promise.all(
      this.policy.witnesses.map((witness) =>
        this.lineOf(witness, checkpoint, note).catch((error: unknown) => {
          this.deps.logger.warn({ err: error, witness: witness.name }, 'a witness did not sign');
          return '';
        }),
      ),
    );
    const cosigned = note + lines.join('');
    const at = quorumAt(readNote(cosigned)!, this.policy);
    return at ? { origin: checkpoint.origin, size: checkpoint.size, note: cosigned, at } : null;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
  }

  /** The witness's signature line. Throws when it does not sign. */
  private async lineOf(witness: Witness, checkpoint: Checkpoint, note: string): Promise<string> {
    const answer = await this.post(witness, checkpoint, note);
    if (answer.status === 409 && answer.headers.get('content-type') === 'text/x.tlog.size') {
      this.seen.set(`${witness.name} ${checkpoint.origin}`, Number((await textOf(answer)).trim()));
      return this.signed(witness, checkpoint, note, await this.post(witness, checkpoint, note));
    }
    return this.signed(witness, checkpoint, note, answer);
  }

  private async signed(
    witness: Witness,
    { origin, size }: Checkpoint,
    note: string,
    answer: Response,
  ): Promise<string> {
    if (answer.status === 422) {
      this.deps.logger.error({ witness: witness.name, size }, 'A WITNESS HAS SEEN ANOTHER HISTORY OF THE AUDIT LOG');
    }
    if (answer.status !== 200) throw new Error(`The witness answered ${answer.status}.`);
    const text = await textOf(answer);
    const [line, ...more] = readNote(`seen\n\n${text}`)?.signatures ?? [];
    const at = line && cosignedAt(readNote(note + text)!, witness.key);
    // nothing else: whoever reads the note would have to make out lines that others seem to have signed
    if (!at || more.length > 0) throw new Error('The witness did not answer with its signature.');
    if (at.valueOf() > Date.now() + CLOCKS_DIFFER_MS) throw new Error(`The witness's clock says ${at.toISOString()}.`);
    this.seen.set(`${witness.name} ${origin}`, size);
    return text;
  }

  private async post({ name, url }: Witness, { origin, size }: Checkpoint, note: string): Promise<Response> {
    if (url === null) throw new Error('The policy does not say where the witness is.');
    const old = this.seen.get(`${name} ${origin}`) ?? 0;
    if (!Number.isSafeInteger(old) || old > size)
      throw new Error(`The witness has seen ${old} entries, the log has ${size}.`);
    const proof = old === 0 ? [] : (await this.deps.proofs.consistency(old, size, origin))!.path;
    const body = [`old ${old}`, ...proof.map((hash) => hash.toString('base64')), '', note].join('\n');
    return fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }
}

async function textOf(answer: Response): Promise<string> {
  return (await bodyUpTo(answer, MOST_ANSWER)).toString('utf8');
}
