import { inflateSync } from 'node:zlib';

/** The text of a document as pdfkit writes it, with fonts of its own: what a reader would copy out of it, runs joined. */
export function pdfText(bytes: Buffer): string {
  const objects = objectsOf(bytes);
  const streamOf = (id: string) => streamIn(objects.get(id)!).toString('latin1');
  const referred = (body: string, key: string) => new RegExp(`/${key} (\\d+) 0 R`).exec(body)?.[1];

  const fonts = new Map<string, string[]>();
  for (const body of objects.values()) {
    for (const [, name, id] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = referred(objects.get(id!) ?? '', 'ToUnicode');
      if (map) fonts.set(name!, lettersOf(streamOf(map)));
    }
  }
  return [...objects.values()]
    .filter((body) => /\/Type \/Page\b/.test(body))
    .map((page) => shown(streamOf(referred(page, 'Contents')!), fonts))
    .join('\n');
}

/** The file that a document carries. */
export function pdfAttachment(bytes: Buffer): string {
  const file = [...objectsOf(bytes).values()].find((body) => body.includes('/EmbeddedFile\n'));
  return streamIn(file!).toString('utf8');
}

function objectsOf(bytes: Buffer): Map<string, string> {
  const found = bytes.toString('latin1').matchAll(/(\d+) 0 obj\n([^]*?)\nendobj/g);
  return new Map([...found].map(([, id, body]) => [id!, body!]));
}

function streamIn(body: string): Buffer {
  const data = Buffer.from(/stream\r?\n([^]*?)\r?\nendstream/.exec(body)![1]!, 'latin1');
  return body.includes('/FlateDecode') ? inflateSync(data) : data;
}

/** Letters by glyph, from a ToUnicode map of consecutive ranges. */
function lettersOf(map: string): string[] {
  const letters: string[] = [];
  for (const [, first, list] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    const units = [...list!.matchAll(/<([0-9a-f ]*)>/gi)].map(([, hex]) => hex!.replaceAll(' ', ''));
    units.forEach(
      (hex, n) => (letters[parseInt(first!, 16) + n] = Buffer.from(hex, 'hex').swap16().toString('utf16le')),
    );
  }
  return letters;
}

function shown(content: string, fonts: ReadonlyMap<string, string[]>): string {
  let font: string[] = [];
  let text = '';
  for (const [, name, run] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = fonts.get(name) ?? [];
    for (const [, hex] of (run ?? '').matchAll(/<([0-9a-f]+)>/gi))
      for (const glyph of hex!.match(/.{4}/g) ?? []) text += font[parseInt(glyph, 16)] ?? '';
    if (run !== undefined) text += ' ';
  }
  return text;
}
