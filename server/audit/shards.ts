import type { Pool } from 'pg';

/** Which log of the hospital, and where it begins: entries are numbered through, a shard's tree begins with its own first. */
export interface ShardPlace {
  number: number;
  origin: string;
  /** Index of its first entry. */
  first: number;
}

export interface ClosedShard extends ShardPlace {
  size: number;
  root: Buffer;
  chain: Buffer;
  /** The final checkpoint. */
  note: string;
  /** Its entries are in an export only. */
  dropped: boolean;
}

export interface OpenShard extends ShardPlace {
  size: number;
  root: Buffer;
  chain: Buffer;
  frontier: readonly Buffer[];
  /** Index of the newest entry there is, whatever the head says. */
  last: number | null;
}

/** All shards, as of one moment. */
export interface Shards {
  closed: readonly ClosedShard[];
  /** Null before anything was ever sealed. */
  open: OpenShard | null;
}

interface HeadRow {
  origin: string;
  shard: number;
  first_index: string;
  size: string;
  root: Buffer;
  chain: Buffer;
  frontier: Buffer[];
  last: string | null;
  closed: ClosedRow[];
}

interface ClosedRow {
  number: number;
  origin: string;
  first_index: number;
  size: number;
  root: string;
  chain: string;
  note: string;
  dropped_at: string | null;
}

const SHARDS = `SELECT origin, shard, first_index::text, size::text, root, chain, frontier,
    (SELECT max(index)::text FROM audit_entry) AS last,
    (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.number), '[]') FROM audit_shard s) AS closed
  FROM audit_head`;

/** Reads all shards in one statement, so that none is closed between two looks. */
export async function readShards(pool: Pick<Pool, 'query'>): Promise<Shards> {
  const { rows } = await pool.query<HeadRow>(SHARDS);
  const head = rows[0];
  if (!head) return { closed: [], open: null };
  const { origin, root, chain, frontier, last } = head;
  const first = Number(head.first_index);
  return {
    closed: head.closed.map(closedOf),
    open: {
      number: head.shard,
      origin,
      first,
      size: Number(head.size) - first,
      root,
      chain,
      frontier,
      last: last === null ? null : Number(last),
    },
  };
}

/** The shard an entry of this index is in; null when there is none such yet. */
export function shardOf({ closed, open }: Shards, index: number): ClosedShard | OpenShard | null {
  return [...closed, ...(open ? [open] : [])].find(({ first, size }) => index >= first && index < first + size) ?? null;
}

function closedOf({
  number,
  origin,
  first_index: first,
  size,
  root,
  chain,
  note,
  dropped_at: at,
}: ClosedRow): ClosedShard {
  return { number, origin, first, size, root: bytesOf(root), chain: bytesOf(chain), note, dropped: at !== null };
}

/** As PostgreSQL writes bytes into JSON: \x and hexadecimal digits. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}
