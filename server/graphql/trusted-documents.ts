import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { GraphQLRequest } from '@apollo/server';
import { ExitError, exitCodes } from '../platform/exit';
import { ChartsealError } from './errors';

/** What a request may carry beside or instead of its document's text. */
interface Named {
  documentId?: unknown;
}

/**
 * The only documents this server takes. A client sends one as text, by its id (`documentId: "sha256:…"`, GraphQL over HTTP,
 * persisted documents), or by Apollo's `extensions.persistedQuery`; nobody can add to the list over the network.
 */
export class TrustedDocuments {
  /** Stands in for what is not listed, so that nothing of that is parsed or compared with the schema. */
  private readonly nothing = `query NotListed { __typename } # ${randomUUID()}`;

  private constructor(private readonly texts: ReadonlyMap<string, string>) {}

  /**
   * Reads lists: JSON objects, hex SHA-256 of a document → its text.
   * @returns null without any file: every document is taken
   * @throws ExitError when a file cannot be read, is no such list, or a document is not under its own hash
   */
  static async open(files: readonly string[]): Promise<TrustedDocuments | null> {
    if (files.length === 0) return null;
    const texts = new Map<string, string>();
    for (const file of files) {
      for (const [hash, text] of await entriesOf(file)) texts.set(hash, text);
    }
    return new TrustedDocuments(texts);
  }

  /** Puts the listed text in the place of its id, and a document of no use in the place of one that is not listed. */
  replace(request: GraphQLRequest): void {
    const hash = hashIn(request);
    const text = hash === null ? undefined : this.texts.get(hash);
    if (request.extensions?.persistedQuery) delete request.extensions.persistedQuery;
    if (text === undefined && request.query === undefined && hash === null) return;
    request.query = text ?? this.nothing;
    if (text === undefined) delete request.operationName;
  }

  /** Throws FORBIDDEN for a document that is not listed. */
  demand(hash: string | null): void {
    if (hash === null || !this.texts.has(hash)) {
      throw new ChartsealError('FORBIDDEN', 'This server takes listed documents only.');
    }
  }
}

function hashIn({ query, extensions, http }: GraphQLRequest): string | null {
  if (query) return createHash('sha256').update(query).digest('hex');
  const { documentId } = (http?.body ?? {}) as Named;
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '').toLowerCase();
  const persisted = extensions?.persistedQuery as { sha256Hash?: unknown } | undefined;
  return typeof persisted?.sha256Hash === 'string' ? persisted.sha256Hash.toLowerCase() : null;
}

async function entriesOf(file: string): Promise<[string, string][]> {
  const wrong = (why: string) => new ExitError(`TRUSTED_DOCUMENTS: ${file} ${why}.`, exitCodes.settings);
  const json = await readFile(file, 'utf8').catch(() => {
    throw wrong('cannot be read');
  });
  const list = parsed(json);
  if (!list) throw wrong('is no JSON object of SHA-256 and document');
  return list.map(([hash, text]) => {
    if (typeof text !== 'string' || createHash('sha256').update(text).digest('hex') !== hash) {
      throw wrong(`has a document that is not under its SHA-256 (${hash.slice(0, 64)})`);
    }
    return [hash, text];
  });
}

function parsed(json: string): [string, unknown][] | null {
  try {
    const list: unknown = JSON.parse(json);
    return typeof list === 'object' && list !== null && !Array.isArray(list) ? Object.entries(list) : null;
  } catch {
    return null;
  }
}
