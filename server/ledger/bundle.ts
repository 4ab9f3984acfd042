const LENGTH_BYTES = 2;

/** An entry as it lies in a bundle of C2SP tlog-tiles: its length in 16 bits, then its bytes. Throws RangeError above 65 535. */
export function bundled(entry: Buffer): Buffer {
  if (entry.length > 0xffff) throw new RangeError('A bundle holds entries of up to 65 535 bytes.');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(entry.length);
  return Buffer.concat([length, entry]);
}

/** Where entries lie in a bundle; null when it ends within one. */
export function entriesOf(bundle: Buffer): { start: number; end: number }[] | null {
  const places: { start: number; end: number }[] = [];
  for (let at = 0; at < bundle.length;) {
    if (at + LENGTH_BYTES > bundle.length) return null;
    const start = at + LENGTH_BYTES;
    const end = start + bundle.readUInt16BE(at);
    if (end > bundle.length) return null;
    places.push({ start, end });
    at = end;
  }
  return places;
}
