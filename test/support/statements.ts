import { Client } from 'pg';

/**
 * Statements sent to PostgreSQL while `work` runs. The ledger's own work goes on beside it at its own pace and is left out.
 */
export async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const sent = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    const texts = sent.mock.calls.map(([first]) =>
      typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''),
    );
    return texts.filter((text) => text && !/audit_|advisory|LISTEN|NOTIFY|^(BEGIN|COMMIT|START)/i.test(text));
  } finally {
    sent.mockRestore();
  }
}
