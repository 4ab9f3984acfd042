import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { print, type DocumentNode } from 'graphql';
import { EMPTY } from 'rxjs';
import type { Plugin } from 'vite';

/** Name of the list in the built client's folder, for the server's setting TRUSTED_DOCUMENTS. */
const FILE = 'trusted-documents.json';

/** Writes every document the client can send beside the built client, each under the SHA-256 of its text. */
export function trustedDocuments(): Plugin {
  return {
    name: 'trusted-documents',
    apply: 'build',
    async generateBundle() {
      const generated = readFileSync(join(__dirname, 'src/gql/graphql.ts'), 'utf8');
      this.emitFile({ type: 'asset', fileName: FILE, source: JSON.stringify(await listOf(generated), null, 2) });
    },
  };
}

async function listOf(generated: string): Promise<Record<string, string>> {
  const found = [...generated.matchAll(/Document = (\{"kind":"Document".*\}) as/g)];
  const texts: string[] = [];
  for (const [, json] of found) {
    const document = JSON.parse(json!) as DocumentNode;
    texts.push(print(document), ...(await asSent(document)));
  }
  const list = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);
  return Object.fromEntries(list.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What Apollo Client makes of a document: its cache asks for `__typename`, its masking takes directives out. */
async function asSent(document: DocumentNode): Promise<string[]> {
  const sent: string[] = [];
  const link = new ApolloLink(({ query }) => {
    sent.push(print(query));
    return EMPTY;
  });
  const client = new ApolloClient({ link, cache: new InMemoryCache(), dataMasking: true });
  const [first] = document.definitions;
  const kind = first?.kind === 'OperationDefinition' ? first.operation : 'query';
  if (kind === 'query') await client.query({ query: document, fetchPolicy: 'network-only' }).catch(() => undefined);
  if (kind === 'mutation') await client.mutate({ mutation: document }).catch(() => undefined);
  return sent;
}
