import { open, readFile, rename } from 'node:fs/promises';
import { Frontier, HASH_BYTES } from '../server/ledger';
import type { Reached } from './verify-directory';

/**
 * Reads where an earlier verification ended, from the file it left; null when there is none yet.
 *
 * @throws Error when the file cannot be understood, or contradicts itself
 */
export async function readSince(path: string): Promise<Reached | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const { v, origin, shard = 1, size, chain, nodes, root, lastTime } = JSON.parse(text) as Record<string, unknown>;
    const tree = Frontier.of(Number(size), (nodes as string[]).map(hash));
    const sound = v === 1 && typeof origin === 'string' && tree.root().equals(hash(root));
    if (!sound || ![shard, lastTime].every(Number.isSafeInteger)) throw new Error('unsound');
    return { origin, shard: Number(shard), chain: hash(chain), tree, lastTime: Number(lastTime) };
  } catch {
    throw new Error(`${path} does not say where an earlier verification ended.`);
  }
}

/** Leaves word where this verification ended; the file is whole at any moment. */
export async function writeSince(path: string, { origin, shard, chain, tree, lastTime }: Reached): Promise<void> {
  const state = {
    v: 1,
    origin,
    shard,
    size: tree.size,
    root: tree.root().toString('hex'),
    chain: chain.toString('hex'),
    nodes: tree.nodes.map((node) => node.toString('hex')),
    lastTime,
  };
  const file = await open(`${path}.new`, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(state, null, 1)}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
}

function hash(text: unknown): Buffer {
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'hex');
  if (bytes.length !== HASH_BYTES) throw new TypeError('This is no hash.');
  return bytes;
}
