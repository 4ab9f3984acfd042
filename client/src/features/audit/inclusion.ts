/** What an inclusion proof says, as the contract has it; hashes in hex. */
export interface Inclusion {
  /** The bytes of the entry, as text. */
  canonical: string;
  leafIndex: number;
  size: number;
  path: readonly string[];
  root: string;
  /** The signed note: its second line is the size, its third the root in base64 (C2SP tlog-checkpoint). */
  checkpoint: string;
}

/**
 * Checks here, in the browser, that an entry is under a checkpoint: leaf and path must lead to its root (RFC 9162, section
 * 2.1.3.2), and the note must say that root and size. The signature is for the stand-alone verifier: a page that fetched the
 * key from the same server would prove nothing by it.
 */
export async function isIncluded({ canonical, leafIndex, size, path, root, checkpoint }: Inclusion): Promise<boolean> {
  const [, noted, base64] = checkpoint.split('\n');
  if (Number(noted) !== size || !base64 || hexOf(fromBase64(base64)) !== root) return false;
  if (leafIndex < 0 || leafIndex >= size) return false;
  let hash = await sha256(0, new TextEncoder().encode(canonical));
  let node = leafIndex;
  let last = size - 1;
  for (const sibling of path.map(fromHex)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await sha256(1, sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else hash = await sha256(1, hash, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && hexOf(hash) === root;
}

/** False where a page came over plain HTTP from another machine: browsers then have no SHA-256. */
export function canCheck(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

async function sha256(prefix: number, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(1 + parts.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
