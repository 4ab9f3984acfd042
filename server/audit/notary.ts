import type { ClientBase } from 'pg';
import { signCheckpoint, type Checkpoint } from '../ledger';
import type { CheckpointFile } from './checkpoint-file';
import type { LogKeys } from './signing-key';

/**
 * Signs what the log has come to. A checkpoint of a grown log is kept in the database and outside it, for good; the newest
 * one is kept as it stands and signed again while the log rests, since nobody can tell a log at rest from one held back by
 * what was signed hours ago.
 */
export class Notary {
  /** Told of each newest note, such as to ask witnesses for their signatures; must not throw. */
  onSigned: (checkpoint: Checkpoint, note: string) => void = () => undefined;

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
}
