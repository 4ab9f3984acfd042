import { pino } from 'pino';
import { readConfig } from '../../server/config/config';
import { runIn } from '../../server/crypto/access-scope';
import { RequestContext, anonymous } from '../../server/graphql/context';
import { newId } from '../../server/platform/ids';
import { openRuntime } from '../../server/runtime';

/**
 * A server process for tests that kill it: writes entries without pause from several hands, seals when elected, and tells the
 * request id of each entry once it is committed, a line each. `-` is told once it is open.
 */
async function main(): Promise<void> {
  const runtime = await openRuntime(readConfig(process.env), { logger: pino({ level: 'silent' }) });
  process.stdout.write('-\n');
  let going = true;
  process.stdin.on('end', () => (going = false)).resume();
  const hand = async () => {
    while (going) {
      const context = new RequestContext({ actor: anonymous });
      await runIn(context, () => runtime.base.audit.record({ action: 'read', patients: [newId()] }));
      process.stdout.write(`${context.requestId}\n`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  await Promise.all(Array.from({ length: 8 }, hand));
  await runtime.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
