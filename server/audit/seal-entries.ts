import { DatabaseError, type ClientBase } from 'pg';
import { binaryArray } from '../database/binary-array';
import { chainNext, factsOf, Frontier, leafOf } from '../ledger';
import type { ShardPlace } from './shards';

/** Entries sealed in one commit at most: a long queue is worked off in few statements, some 20 ms of this process each. */
export const BATCH = 1024;
/** Left waiting at most: with more of them, something is wrong that people must look at. */
const MOST_UNREADABLE = 1_000;

/**
 * Everything a batch changes, in one statement: each further one would cost a round trip as long as its work. Nothing happens
 * unless the head is still the one the batch was made on, so whoever else seals or closes a shard meanwhile is not written over.
 */
const SEAL = `WITH
  moved AS (
    UPDATE audit_head SET size = $15::bigint, chain = $16, root = $17, frontier = $18::bytea[]
    WHERE origin = $24 AND size = $25::bigint AND chain = $26 RETURNING one),
  entries AS (
    INSERT INTO audit_entry (index, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id,
      role, operation, purpose, ip, fields)
    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::uuid[], $7::text[],
      $8::text[], $9::text[], $10::uuid[], $11::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[])
    WHERE EXISTS (SELECT FROM moved)),
  places AS (
    INSERT INTO audit_entry_patient (patient_id, index) SELECT * FROM unnest($12::uuid[], $13::bigint[])
    WHERE EXISTS (SELECT FROM moved)),
  sealed AS (DELETE FROM audit_pending WHERE id = ANY($14::bigint[]) AND EXISTS (SELECT FROM moved))
  SELECT pg_notify('audit_sealed', $15::text) FROM moved`;

const HEAD = 'SELECT origin, shard, first_index::text AS first, size::text, chain, frontier FROM audit_head';

/** The end of the open shard. */
export interface Head extends ShardPlace {
  chain: Buffer;
  tree: Frontier;
}

export interface PendingRow {
  /** Null: it never waited. */
  id: string | null;
  entry: Buffer;
}

/**
 * Seals what waits, batch after batch, on one connection; the head is remembered in between. What is no entry is left waiting:
 * it must not keep those that come after it, and nobody may throw away what a later version may be able to read.
 */
export class Batches {
  private head: Head | null = null;
  private most = BATCH;
  private readonly unreadable: string[] = [];

  /** @param tell of what is left waiting, once for each */
  constructor(
    private readonly client: ClientBase,
    private readonly tell: (id: string, cause: unknown) => void = () => undefined,
  ) {}

  /**
   * Seals what waits, a batch of it at most, in one commit. Answers the entries. The head is known before what waits is read:
   * entries that somebody else seals after that reading cannot be sealed again, since the head has moved with them.
   */
  async seal(): Promise<PendingRow[]> {
    const head = this.head ?? (await readHead(this.client));
    this.head = null; // until this is committed
    const { rows } = await this.client.query<PendingRow>({
      name: 'seal-pending',
      text: 'SELECT id::text, entry FROM audit_pending WHERE id <> ALL($2::bigint[]) ORDER BY audit_pending.id LIMIT $1',
      values: [this.most, binaryArray('bigint', this.unreadable)],
    });
    try {
      const next = rows.length > 0 ? await appendEntries(this.client, head, rows) : head;
      this.head = next;
      this.most = Math.min(BATCH, this.most * 2);
      return next ? rows : await this.seal();
    } catch (error) {
      if (tookTooLong(error) && rows.length > 1) {
        this.most = Math.ceil(rows.length / 2);
        return this.seal();
      }
      if (!isOfEntries(error) || this.unreadable.length >= MOST_UNREADABLE) throw error;
      this.narrow(rows, error);
      return this.seal();
    }
  }

  /** Half as many the next time, until the one is found that cannot be sealed. */
  private narrow(rows: readonly PendingRow[], cause: unknown): void {
    this.most = Math.ceil(rows.length / 2);
    const [{ id } = { id: null }, ...others] = rows;
    if (id === null || others.length > 0) return;
    this.unreadable.push(id);
    this.tell(id, cause);
  }
}

/** By these, reading an entry says that it is none. */
const UNREADABLE = ['SyntaxError', 'TypeError', 'RangeError', 'BindingError'];

/**
 * True when an entry cannot be read, or PostgreSQL refuses a value of it (SQLSTATE class 22), misses one (23502) or finds it too
 * long for an index (54000).
 */
function isOfEntries(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^22|^23502$|^54000$/.test(error.code ?? '');
  return error instanceof Error && UNREADABLE.includes(error.name);
}

/** SQLSTATE query_canceled: the same batch would be stopped again, and the queue would only grow. */
function tookTooLong(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '57014';
}

/** The head, which nobody else changes before this transaction ends. Throws when there is none. */
export function lockHead(client: ClientBase): Promise<Head> {
  return readHead(client, ' FOR UPDATE');
}

async function readHead(client: ClientBase, locked = ''): Promise<Head> {
  const { rows } = await client.query<{
    origin: string;
    shard: number;
    first: string;
    size: string;
    chain: Buffer;
    frontier: Buffer[];
  }>(HEAD + locked);
  const head = rows[0];
  if (!head) throw new Error('The head of the audit log is missing.');
  const { origin, shard: number, chain, frontier } = head;
  const first = Number(head.first);
  return { number, origin, first, chain, tree: Frontier.of(Number(head.size) - first, frontier) };
}

/** Appends entries to the shard that this head is of, and moves the head. Null, and nothing is done, when it has moved. */
export async function appendEntries(
  client: ClientBase,
  head: Head,
  pending: readonly PendingRow[],
): Promise<Head | null> {
  const grown = grow(head, pending);
  const values = valuesOf(head, grown, pending);
  const { rowCount } = await client.query({ name: 'seal-entries', text: SEAL, values });
  return rowCount === 1 ? { ...head, chain: grown.chain, tree: grown.tree } : null;
}

interface Grown {
  leaves: Buffer[];
  chains: Buffer[];
  /** After the last entry. */
  chain: Buffer;
  tree: Frontier;
}

/** Chain and tree with these entries at their end; the head stays as it is. */
function grow(head: Head, pending: readonly PendingRow[]): Grown {
  const grown: Grown = { leaves: [], chains: [], chain: head.chain, tree: head.tree.copy() };
  for (const { entry } of pending) {
    const leaf = leafOf(entry);
    grown.chain = chainNext(grown.chain, leaf);
    grown.tree.append(leaf);
    grown.leaves.push(leaf);
    grown.chains.push(grown.chain);
  }
  return grown;
}

/** The parameters of SEAL, in its order. */
function valuesOf(head: Head, { leaves, chains, chain, tree }: Grown, pending: readonly PendingRow[]): unknown[] {
  const first = head.first + head.tree.size;
  const facts = pending.map(({ entry }) => factsOf(entry));
  const places = facts.flatMap(({ patients }, offset) =>
    patients.map((patient) => ({ patient, index: first + offset })),
  );
  return [
    binaryArray('bigint', pending.map((_, offset) => first + offset)),
    binaryArray('bytea', pending.map(({ entry }) => entry)),
    binaryArray('bytea', leaves),
    binaryArray('bytea', chains),
    binaryArray('timestamptz', facts.map(({ at }) => at)),
    binaryArray('uuid', facts.map(({ actorId }) => actorId)),
    binaryArray('text', facts.map(({ action }) => action)),
    binaryArray('text', facts.map(({ outcome }) => outcome)),
    binaryArray('text', facts.map(({ targetType }) => targetType)),
    binaryArray('uuid', facts.map(({ targetId }) => targetId)),
    binaryArray('text', facts.map(({ requestId }) => requestId)),
    binaryArray('uuid', places.map(({ patient }) => patient)),
    binaryArray('bigint', places.map(({ index }) => index)),
    binaryArray('bigint', pending.flatMap(({ id }) => id ?? [])),
    String(first + pending.length),
    chain,
    tree.root(),
    binaryArray('bytea', tree.nodes),
    binaryArray('text', facts.map(({ role }) => role)),
    binaryArray('text', facts.map(({ operation }) => operation)),
    binaryArray('text', facts.map(({ purpose }) => purpose)),
    binaryArray('text', facts.map(({ ip }) => ip)),
    binaryArray('text', facts.map(({ fields }) => fields)),
    head.origin,
    String(first),
    head.chain,
  ]; // prettier-ignore
}
