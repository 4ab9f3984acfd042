import { AuditLog } from '../../server/audit';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { Browser, openFrontDesk, type FrontDesk } from '../support/front-desk';

let desk: FrontDesk;
beforeAll(async () => {
  desk = await openFrontDesk();
});
afterAll(() => desk.close());

describe('the log on a hospital’s first day', () => {
  test('checked while still empty, it verifies once it has entries', async () => {
    const { runtime } = desk;
    expect(runtime.auditLog).toBeInstanceOf(AuditLog);
    expect((await runtime.auditLog.verifyNew()).word).toBe('OK');
    await runIn(systemContext('test'), () => runtime.base.audit.record({ action: 'first' }));
    await sealed(desk);
    expect(await runtime.auditLog.verifyNew()).toMatchObject({ word: 'OK', at: null });
    expect(await runtime.auditLog.status()).toMatchObject({ state: 'VERIFIED', pending: 0 });
  });

  test('Admin Park sees where it is verified to, and that looking is an entry too', async () => {
    const park = await desk.hire('Admin Park', 'ADMIN');
    const browser = new Browser(desk);
    await browser.signIn(park);
    const looked = await browser.ask('{ auditEntries(first: 5) { edges { node { index action } } } }');
    expect(looked.code).toBeUndefined();
    await sealed(desk);
    const verified = await browser.ask('mutation { verifyAuditLog { size state verifiedTo brokenAt } }');
    expect(verified.data?.verifyAuditLog).toMatchObject({ state: 'VERIFIED', brokenAt: null });
    await sealed(desk);
    const again = await browser.ask('{ auditEntries(first: 50) { edges { node { action outcome } } } }');
    const actions = JSON.stringify(again.data);
    expect(actions).toContain('"view-log"');
    expect(actions).toContain('"verify-log"');
  });
});

/** Waits until nothing is pending. */
async function sealed({ runtime }: FrontDesk): Promise<void> {
  for (;;) {
    const { pending } = await runtime.auditLog.status();
    if (pending === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
