import { Client } from 'pg';

/** The ledger's own work, budgets told once a second, connections that wait for news and try whether they still stand. */
const BESIDE = /audit_|caller_budget|advisory|LISTEN|NOTIFY|^(BEGIN|COMMIT|START)|^SELECT 1$/i;
/** Sent by whoever comes first when a minute or ten seconds are over: that a session is used, which search indexes there are. */
const NOW_AND_THEN = /UPDATE session SET last_used_at|^SELECT version, state FROM search_generation/;

/** Statements sent to PostgreSQL while `work` runs, without what goes on beside it at a pace of its own. */
export async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const sent = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const texts = sent.mock.calls.map(([first]) =>
      typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''),
    );
    return texts.filter((text) => text && !BESIDE.test(text) && !NOW_AND_THEN.test(text));
  } finally {
    sent.mockRestore();
  }
}
