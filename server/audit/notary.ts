import type { KeyObject } from 'node:crypto';
import type { ClientBase } from 'pg';
import { openCheckpoint, signCheckpoint, type Checkpoint } from '../ledger';
import type { CheckpointFile } from './checkpoint-file';
import type { LogKeys } from './signing-key';

/** In one statement, so that the newest checkpoint is never one that is not kept. */
const KEEP = `WITH kept AS (
    INSERT INTO audit_checkpoint (shard, size, note) SELECT $1::integer, $2::bigint, $3::text WHERE $5 ON CONFLICT DO NOTHING)
  INSERT INTO audit_newest_checkpoint (size, note, at) VALUES ($2, $3, $4)
  ON CONFLICT (one) DO UPDATE SET size = excluded.size, note = excluded.note, at = excluded.at`;

/** A checkpoint that the witnesses asked for have signed too, and since when. */
export interface CosignedNote {
  origin: string;
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

  /** Signs and keeps. `grown`: the shard has more entries than when it was signed last. */
  async sign(client: ClientBase, shard: number, checkpoint: Checkpoint, grown: boolean): Promise<void> {
    const at = new Date();
    const note = signCheckpoint(checkpoint, await this.keys.signers(), at);
    if (grown) await this.file.append(note);
    await client.query(KEEP, [shard, checkpoint.size, note, at, grown]);
    await client.query(
      `UPDATE audit_newest_checkpoint SET cosigned_size = NULL, cosigned_note = NULL, cosigned_at = NULL
       WHERE NOT starts_with(cosigned_note, $1)`, // of the shard before this one
      [`${checkpoint.origin}\n`],
    );
    this.onSigned(checkpoint, note);
  }

  /** Public keys whose signatures count. */
  verifiers(): Promise<readonly KeyObject[]> {
    return this.keys.verifiers();
  }

  /** What this log has signed last, as far as it is kept outside the database. */
  async signedLast(): Promise<Checkpoint[]> {
    const keys = await this.verifiers();
    return (await this.file.newest()).flatMap((note) => openCheckpoint(note, keys) ?? []);
  }

  /** Takes what the witnesses have signed, from any moment; the sealer keeps it at its next turn. */
  readonly takeCosigned = (cosigned: CosignedNote): void => {
    const before = this.cosigned;
    if (before?.origin !== cosigned.origin || before.size <= cosigned.size) this.cosigned = cosigned;
  };

  /** Keeps what was taken, in the database and outside it. Only the sealer may write there. */
  async keepCosigned(client: ClientBase): Promise<void> {
    const { cosigned } = this;
    if (!cosigned) return;
    this.cosigned = null;
    await this.file.append(cosigned.note);
    await client.query(
      `UPDATE audit_newest_checkpoint SET cosigned_size = $1, cosigned_note = $2, cosigned_at = $3
       WHERE starts_with(note, $4) AND (cosigned_size IS NULL OR cosigned_size <= $1)`,
      [cosigned.size, cosigned.note, cosigned.at, `${cosigned.origin}\n`],
    );
  }
}
