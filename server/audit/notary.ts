import type { ClientBase } from 'pg';
import { signCheckpoint, type Checkpoint } from '../ledger';
import type { CheckpointFile } from './checkpoint-file';
import type { LogKeys } from './signing-key';

/** A checkpoint that the witnesses asked for have signed too, and since when. */
export interface CosignedNote {
  size: number;
  note: string;
  at: Date;
}

/**
 * Signs what the log has come to. A checkpoint of a grown log is kept in the database and outside it, for good; the newest
 * one is kept as it stands and signed again while the log rests, since nobody can tell a log at rest from one held back by
 * what was signed hours ago.
 */
export class Notary {
  /** Told of each newest note, such as to ask witnesses for their signatures; must not throw. */
  onSigned: (checkpoint: Checkpoint, note: string) => void = () => undefined;

  private cosigned: CosignedNote | null = null;

  constructor(
    private readonly keys: LogKeys,
    private readonly file: CheckpointFile,
  ) {}

  /** Signs and keeps. `grown`: the log has more entries than when it was signed last. */
  async sign(client: ClientBase, checkpoint: Checkpoint, grown: boolean): Promise<void> {
    const at = new Date();
    const note = signCheckpoint(checkpoint, await this.keys.signers(), at);
    if (grown) {
      await this.file.append(note);
      await client.query('INSERT INTO audit_checkpoint (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        checkpoint.size,
        note,
      ]);
    }
    await client.query(
      `INSERT INTO audit_newest_checkpoint (size, note, at) VALUES ($1, $2, $3)
       ON CONFLICT (one) DO UPDATE SET size = excluded.size, note = excluded.note, at = excluded.at`,
      [checkpoint.size, note, at],
    );
    this.onSigned(checkpoint, note);
  }

  /** Takes what the witnesses have signed, from any moment; the sealer keeps it at its next turn. */
  readonly takeCosigned = (cosigned: CosignedNote): void => {
    if (!this.cosigned || this.cosigned.size <= cosigned.size) this.cosigned = cosigned;
  };

  /** Keeps what was taken, in the database and outside it. Only the sealer may write there. */
  async keepCosigned(client: ClientBase): Promise<void> {
    const { cosigned } = this;
    if (!cosigned) return;
    this.cosigned = null;
    await this.file.append(cosigned.note);
    await client.query(
      `UPDATE audit_newest_checkpoint SET cosigned_size = $1, cosigned_note = $2, cosigned_at = $3
       WHERE cosigned_size IS NULL OR cosigned_size <= $1`,
      [cosigned.size, cosigned.note, cosigned.at],
    );
  }
}
