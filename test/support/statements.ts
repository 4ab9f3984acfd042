import { Client } from 'pg';

/**
 * Statements sent to PostgreSQL while `work` runs. What goes on beside it at its own pace is left out: the ledger's own work,
 * budgets told once a second, and connections that wait for news and try now and then whether they still stand.
 */
export async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const sent = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const texts = sent.mock.calls.map(([first]) =>
      typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''),
    );
    return texts.filter(
      (text) => text && !/audit_|caller_budget|advisory|LISTEN|NOTIFY|^(BEGIN|COMMIT|START)|^SELECT 1$/i.test(text),
    );
  } finally {
    sent.mockRestore();
  }
}
