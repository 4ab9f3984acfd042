import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { ExitError, exitCodes } from '../../platform/exit';
import { Fault } from './fault';
import { asObject, asText, objectsOf, type Json } from './json';

/** Where a resource stands: enough to read it again, so that bodies need not be kept. */
export interface Location {
  source: Source;
  /** Line of an NDJSON file, entry of a Bundle; both from 1. */
  line: number;
  offset: number;
  length: number;
}

/** A resource on its way through, or the reason why a place holds none. */
export type Found = ({ location: Location } & Entry) | { location: Location; fault: string };

/** A resource, and the URL by which a Bundle's other entries refer to it. */
export interface Entry {
  resource: Json;
  fullUrl: string | null;
}

/** A file of resources. */
export interface Source {
  readonly path: string;
  readonly bytes: number;
  /** True when references in it mean its own resources first. */
  readonly bundle: boolean;
  /** All resources in order. */
  scan(): AsyncGenerator<Found>;
  /** The resource at a place found by `scan`. Throws Fault when the file has changed meanwhile. */
  read(location: Location): Promise<Entry>;
}

/**
 * The files of resources at these paths: files as they are, folders with every *.ndjson and *.json below them.
 * @throws ExitError (wrong usage) for a path that is not there, and when there is nothing to read
 */
export async function findSources(paths: readonly string[]): Promise<Source[]> {
  const found: Source[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (!info) throw new ExitError(`There is no ${path}.`, exitCodes.usage);
    const files = info.isDirectory() ? await filesBelow(path) : [path];
    for (const file of files) found.push(await openSource(file));
  }
  if (found.length === 0) throw new ExitError('No *.ndjson or *.json file was found there.', exitCodes.usage);
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => ['.ndjson', '.json'].includes(extname(name).toLowerCase()))
    .sort()
    .map((name) => join(folder, name));
}

async function openSource(path: string): Promise<Source> {
  const { size } = await stat(path);
  if (extname(path).toLowerCase() !== '.json') return new NdjsonSource(path, size);
  return (await beginsWithLineOfJson(path, size)) ? new NdjsonSource(path, size) : new DocumentSource(path, size);
}

/** NDJSON under the name of JSON: its first line is a whole document, and more follows. */
async function beginsWithLineOfJson(path: string, size: number): Promise<boolean> {
  for await (const { bytes } of linesOf(path)) return bytes.length + 2 < size && parse(bytes) !== null;
  return false;
}

/** One resource a line. Each is read again by its place in the file. */
class NdjsonSource implements Source {
  readonly bundle = false;

  constructor(
    readonly path: string,
    readonly bytes: number,
  ) {}

  async *scan(): AsyncGenerator<Found> {
    for await (const { bytes, line, offset } of linesOf(this.path)) {
      if (bytes.every((byte) => byte === 0x20 || byte === 0x09)) continue;
      const location = { source: this, line, offset, length: bytes.length };
      const resource = parse(bytes);
      yield resource ? { location, resource, fullUrl: null } : { location, fault: 'not a JSON object in UTF-8' };
    }
  }

  async read({ offset, length }: Location): Promise<Entry> {
    const bytes = Buffer.alloc(length);
    const file = openFiles.get(this.path) ?? opened(this.path);
    readSync(file, bytes, 0, length, offset);
    return { resource: unchanged(parse(bytes)), fullUrl: null };
  }
}

/** A whole JSON document: a Bundle (FHIR R4), or a single resource. */
class DocumentSource implements Source {
  readonly bundle = true;

  constructor(
    readonly path: string,
    readonly bytes: number,
  ) {}

  async *scan(): AsyncGenerator<Found> {
    const location = { source: this, line: 1, offset: 0, length: 0 };
    const document = await this.document();
    if (!document) return yield { location, fault: 'not a JSON object in UTF-8' };
    if (document.resourceType !== 'Bundle') return yield { location, resource: document, fullUrl: null };
    for (const [position, entry] of entriesOf(document).entries()) {
      const here = { ...location, line: position + 1 };
      const resource = asObject(entry.resource);
      yield resource
        ? { location: here, resource, fullUrl: asText(entry.fullUrl) }
        : { location: here, fault: 'the entry has no resource' };
    }
  }

  async read({ line }: Location): Promise<Entry> {
    const document = unchanged(await this.document());
    if (document.resourceType !== 'Bundle') return { resource: document, fullUrl: null };
    const entry = entriesOf(document)[line - 1];
    return { resource: unchanged(asObject(entry?.resource)), fullUrl: asText(entry?.fullUrl) };
  }

  private async document(): Promise<Json | null> {
    const known = documents.get(this.path);
    if (known) return known;
    const document = parse(await readFile(this.path));
    if (document) documents.set(this.path, document);
    return document;
  }
}

/** Parsed documents at hand: the patients of a Bundle come one after the other. */
const documents = new LRUCache<string, Json>({ max: 4 });

/** Open files at hand; reading them is synchronous, so none is closed in the middle. */
const openFiles = new LRUCache<string, number>({ max: 32, dispose: (file) => closeSync(file) });

function opened(path: string): number {
  const file = openSync(path, 'r');
  openFiles.set(path, file);
  return file;
}

/** Lets go of the files that were read. */
export function closeSources(): void {
  openFiles.clear();
  documents.clear();
}

function entriesOf(bundle: Json): Json[] {
  return objectsOf(bundle.entry);
}

function unchanged(resource: Json | null): Json {
  if (!resource) throw new Fault('the file changed while it was read');
  return resource;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): Json | null {
  try {
    return asObject(JSON.parse(utf8.decode(bytes)));
  } catch {
    return null;
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The lines of a file with their places, whatever the length of the file. */
async function* linesOf(path: string): AsyncGenerator<{ bytes: Buffer; line: number; offset: number }> {
  let parts: Buffer[] = [];
  let line = 1;
  let offset = 0;
  const lineOf = () => {
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      yield { bytes: lineOf(), line, offset };
      parts = [];
      line += 1;
      offset += length + 1;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) yield { bytes: lineOf(), line, offset };
}
