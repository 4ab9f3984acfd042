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
import { readShards, shardOf, type ClosedShard, type OpenShard } from './shards';
import { extendSubtrees, tilesIn } from './subtrees';

/** That an entry is in the log a signed checkpoint speaks of. */
export interface InclusionProof {
  leaf: Buffer;
  /** The entry's place in the tree of its shard, from 0. */
  place: number;
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
   * Proves an entry against the newest checkpoint of its shard, the final one when that is closed. Null when no checkpoint
   * reaches as far yet, and when the shard was dropped.
   *
   * @throws Fault when what is stored contradicts what was signed
   */
  async inclusion(index: number): Promise<InclusionProof | null> {
    const shard = shardOf(await readShards(this.pool), index);
    const note = shard && (await this.noteOf(shard));
    const checkpoint = note ? readCheckpoint(note) : null;
    if (!shard || !note || !checkpoint || checkpoint.origin !== shard.origin) return null;
    const place = index - shard.first;
    if (place >= checkpoint.size) return null;
    await extendSubtrees(this.pool, shard, checkpoint.size);
    const leaf = await readLeaves(this.pool, index, index + 1);
    const path = await inclusionProof(place, checkpoint.size, tilesIn(this.pool, shard));
    const root = rootByInclusion(leaf, place, checkpoint.size, path);
    if (!root?.equals(checkpoint.root))
      throw new Fault('TAMPERED', null, `entry ${index} cannot be proven against the checkpoint of ${checkpoint.size}`);
    return { leaf, place, path, note, checkpoint };
  }

  /**
   * Proves that the shard of this origin, the open one unless named, went on from size `from` to size `to`; both must be
   * sealed. Null when they are not, or the shard is unknown or dropped.
   *
   * @throws RangeError when `from` is larger than `to`
   * @throws Fault when what is stored does not fit together
   */
  async consistency(from: number, to: number, origin?: string): Promise<ConsistencyProof | null> {
    const { closed, open } = await readShards(this.pool);
    const shard = origin === undefined ? open : [...closed, open].find((one) => one?.origin === origin);
    if (!shard || isDropped(shard) || to < 1 || from < 1 || Math.max(from, to) > shard.size) return null;
    await extendSubtrees(this.pool, shard, to);
    const read = tilesIn(this.pool, shard);
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

  private async noteOf(shard: ClosedShard | OpenShard): Promise<string | null> {
    if (!('note' in shard)) return this.newestNote();
    return shard.dropped ? null : shard.note;
  }
}

function isDropped(shard: ClosedShard | OpenShard): boolean {
  return 'dropped' in shard && shard.dropped;
}
