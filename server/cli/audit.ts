import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readAge, verdictJson, verdictLine } from '../../verifier/tell';
import { readSince, writeSince } from '../../verifier/since-file';
import { withTimeStamps } from '../../verifier/time-stamps';
import { verifyDirectory } from '../../verifier/verify-directory';
import { runIn } from '../crypto/access-scope';
import { systemContext } from '../graphql/context';
import { Fault, readPolicy, verdictCodes } from '../ledger';
import { exitCodes } from '../platform/exit';
import type { Runtime } from '../runtime';
import { asPath, asRead } from './arguments';
import { verifyDatabase, type DatabaseVerifyOptions } from './audit-verify';
import { group } from './group';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

/** Where the build puts the stand-alone verifier, seen from the compiled commands. */
const VERIFIER = join(__dirname, '../../verifier/chartseal-verify.mjs');

interface VerifyOptions extends DatabaseVerifyOptions {
  policy?: string;
  tsa?: string;
}

export function register(program: Command): void {
  const audit = group(program, 'audit', 'The audit log');
  audit
    .command('verify')
    .description('Recompute the log and compare: the one in the database, or an exported one')
    .argument('[directory]', 'an export; without it, the database', asPath)
    .option(
      '--since <file>',
      'look only at what is new since the last time, and keep in the file where this ended',
      asPath,
    )
    .option('--rows', 'also compare every audited row with what the log says was last written', false)
    .option('--tokens', 'also open every record and compare the search index with what it gives', false)
    .option('--policy <file>', 'of a directory: whose log it must be, and which witnesses must have signed', asPath)
    .option('--tsa <file>', 'of a directory: certificates of the authority whose time stamps to check', asPath)
    .option('--max-age <age>', 'how old the newest checkpoint may be, such as 30m; of the database 1h', asRead(readAge))
    .option('--json', 'the verdict as JSON', false)
    .addHelpText(
      'after',
      `\nExit codes: ${Object.entries(verdictCodes)
        .map(([word, code]) => `${code} ${word}`)
        .join(', ')}.`,
    ) // prettier-ignore
    .action((directory: string | undefined, options: VerifyOptions) =>
      directory === undefined ? verifyDatabase(options) : verifyExport(directory, options),
    );
  audit
    .command('export')
    .description('Write the log for an auditor, or add what is new: C2SP tlog-tiles, checkpoints, verifier')
    .argument('<directory>', 'made when missing', asPath)
    .action((directory: string) => withRuntime((runtime) => exportTo(runtime, directory)));
  audit
    .command('rotate-key')
    .description('Begin a new key for checkpoints; until --finish the old one signs as well')
    .option('--finish', 'end the overlap: destroy the old private key', false)
    .action(({ finish }: { finish: boolean }) => withRuntime((runtime) => rotateKey(runtime, finish)));
}

async function verifyExport(directory: string, { since, policy, tsa, maxAge, json }: VerifyOptions): Promise<void> {
  const before = since === undefined ? null : await readSince(since);
  const progress = new Progress('Verifying entries');
  const report = await verifyDirectory(directory, {
    maxAge,
    policy: policy === undefined ? undefined : readPolicy(await readFile(policy, 'utf8')),
    since: before ?? undefined,
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.finish();
  if (since !== undefined && report.reached) await writeSince(since, report.reached);
  const verdict = await withTimeStamps(report.verdict, directory, tsa);
  print((json ? verdictJson : verdictLine)(verdict, report));
  process.exitCode = verdictCodes[verdict.word];
}

async function exportTo({ auditLog, base }: Runtime, directory: string): Promise<number> {
  const record = (outcome: 'ok' | 'failed') =>
    runIn(systemContext('audit export', 'oversight'), () =>
      base.audit.record({ action: 'export', outcome, target: { type: 'log', id: null } }),
    );
  const progress = new Progress('Exporting entries');
  try {
    const { size, added } = await auditLog.export(directory, {
      verifier: VERIFIER,
      onProgress: (done, total) => progress.update(done, total),
    });
    progress.finish();
    print(`${count(added)} entries added; ${directory} has ${count(size)}.`);
    await record('ok');
    return exitCodes.ok;
  } catch (error) {
    await record('failed');
    if (!(error instanceof Fault)) throw error;
    print(`Not exported. ${error.word}${error.at === null ? '' : ` at entry ${count(error.at)}`}: ${error.message}`);
    return verdictCodes[error.word];
  }
}

async function rotateKey({ auditLog, base }: Runtime, finish: boolean): Promise<number> {
  const { keys } = auditLog;
  if (finish && !(await keys.finishRotation())) {
    print('No rotation is under way.');
    return exitCodes.failure;
  }
  if (!finish) await keys.rotate();
  await runIn(systemContext('audit rotate-key'), () =>
    base.audit.record({
      action: 'rotate-log-key',
      target: { type: 'log', id: null },
      fields: [finish ? 'finish' : 'begin'],
    }),
  );
  print(finish ? 'The old key is destroyed; checkpoints it signed still verify.' : 'From the next checkpoint on two keys sign. Hand the new policy to auditors (audit export), then: audit rotate-key --finish'); // prettier-ignore
  return exitCodes.ok;
}
