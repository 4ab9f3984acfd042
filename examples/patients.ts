/** Prints every patient another system may read. CHARTSEAL_URL, CLIENT_ID and CLIENT_SECRET come from the environment. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { graphql } from './gql';

const PatientPage = graphql(`
  query PatientPage($after: String) {
    patients(first: 100, after: $after) {
      edges { node { id name { display } birthDate } }
      pageInfo { hasNextPage endCursor }
    }
  }
`); // prettier-ignore

export class Chartseal {
  private token = { text: '', until: 0 };

  constructor(private readonly url: string, private readonly clientId: string, private readonly secret: string) {} // prettier-ignore

  async ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await this.accessToken()}` };
    const body = JSON.stringify({ query: print(document), variables });
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (!data || errors) throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
    return data;
  }

  async *patients() {
    for (let after: string | null = null; ;) {
      const { patients }: Awaited<ReturnType<typeof this.page>> = await this.page(after);
      yield* patients.edges.map(({ node }) => node);
      if (!patients.pageInfo.hasNextPage) return;
      after = patients.pageInfo.endCursor ?? null;
    }
  }

  private page = (after: string | null) => this.ask(PatientPage, { after });

  /** Good for ten minutes; asked for again a minute before it ends. */
  private async accessToken(): Promise<string> {
    if (Date.now() < this.token.until) return this.token.text;
    const form = { grant_type: 'client_credentials', client_id: this.clientId, client_secret: this.secret };
    const response = await fetch(`${this.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    const answer = (await response.json()) as { access_token?: string; expires_in?: number; error?: string };
    if (!answer.access_token) throw new Error(`No access token: ${answer.error}`);
    this.token = { text: answer.access_token, until: Date.now() + (answer.expires_in! - 60) * 1000 };
    return this.token.text;
  }
}

async function main({ CHARTSEAL_URL = 'http://localhost:4000', CLIENT_ID = '', CLIENT_SECRET = '' } = process.env) {
  for await (const { id, name } of new Chartseal(CHARTSEAL_URL, CLIENT_ID, CLIENT_SECRET).patients())
    process.stdout.write(`${id} ${name.display}\n`);
}
if (require.main === module) void main();
