import type { Pool } from 'pg';
import {
  consistencyProof,
  Fault,
  inclusionProof,
  isConsistent,
  readCheckpoint,
  rootByInclusion,
  rootByTiles,
  type Checkpoint,
} from '../ledger';
import { readLeaves } from './entry-pages';
import { extendSubtrees, tilesIn } from './subtrees';

/** That an entry is in the log a signed checkpoint speaks of. */
export interface InclusionProof {
  leaf: Buffer;
  path: Buffer[];
  /** The signed note, and what it says. */
  note: string;
  checkpoint: Checkpoint;
}

/** That the log of one size goes on from the log of another. */
export interface ConsistencyProof {
  from: { size: number; root: Buffer };
  to: { size: number; root: Buffer };
  path: Buffer[];
}

/** Makes the proofs of RFC 9162 from what is stored; each is checked before it is handed out. */
export class LogProofs {
  constructor(private readonly pool: Pool) {}

  /** The newest signed note as it stands, witnesses' lines included; null while nothing was ever signed. */
  async newestNote(): Promise<string | null> {
    const { rows } = await this.pool.query<{ note: string }>(
      `SELECT CASE WHEN cosigned_size = size THEN cosigned_note ELSE note END AS note FROM audit_newest_checkpoint`,
    );
    return rows[0]?.note ?? null;
  }

  /** The newest note that the quorum of witnesses has signed too; null while there is none. */
  async cosignedNote(): Promise<string | null> {
    const { rows } = await this.pool.query<{ note: string | null }>(
      'SELECT cosigned_note AS note FROM audit_newest_checkpoint',
    );
    return rows[0]?.note ?? null;
  }

  /**
   * Proves an entry against the newest checkpoint. Null when that does not reach as far yet.
   *
   * @throws Fault when what is stored contradicts what was signed
   */
  async inclusion(index: number): Promise<InclusionProof | null> {
    const note = await this.newestNote();
    const checkpoint = note === null ? null : readCheckpoint(note);
    if (note === null || !checkpoint || index >= checkpoint.size) return null;
    await extendSubtrees(this.pool, checkpoint.size);
    const leaf = await readLeaves(this.pool, index, index + 1);
    const path = await inclusionProof(index, checkpoint.size, tilesIn(this.pool));
    const root = rootByInclusion(leaf, index, checkpoint.size, path);
    if (!root?.equals(checkpoint.root))
      throw new Fault('TAMPERED', null, `entry ${index} cannot be proven against the checkpoint of ${checkpoint.size}`);
    return { leaf, path, note, checkpoint };
  }

  /**
   * Proves that the log of size `to` goes on from that of size `from`; both must be sealed. Null when they are not.
   *
   * @throws RangeError when `from` is larger than `to`
   * @throws Fault when what is stored does not fit together
   */
  async consistency(from: number, to: number): Promise<ConsistencyProof | null> {
    const { rows } = await this.pool.query<{ size: string }>('SELECT size::text FROM audit_head');
    if (to < 1 || from < 1 || Math.max(from, to) > Number(rows[0]?.size ?? 0)) return null;
    await extendSubtrees(this.pool, to);
    const read = tilesIn(this.pool);
    const path = await consistencyProof(from, to, read);
    const proof = {
      from: { size: from, root: await rootByTiles(from, read) },
      to: { size: to, root: await rootByTiles(to, read) },
      path,
    };
    if (!isConsistent(proof.from, proof.to, path))
      throw new Fault('TAMPERED', null, 'what is stored does not fit together');
    return proof;
  }
}
