import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readPolicy, verdictCodes } from '../server/ledger';
import { readSince, writeSince } from './since-file';
import { withTimeStamps } from './time-stamps';
import { readAge, verdictJson, verdictLine } from './tell';
import { verifyDirectory } from './verify-directory';

const HELP = `Verifies an exported Chartseal audit log. It needs Node 20.19 or later and nothing else, and opens no connection.

  node chartseal-verify.mjs [DIR] [--policy FILE] [--since FILE] [--max-age AGE] [--tsa FILE] [--json]

DIR            the export; left out: the directory this file lies in
--policy FILE  whose log it must be and which witnesses must have signed, from where you trust it;
               left out: the policy in DIR, which its maker chose
--since FILE   look only at what is new since the last time, and keep where this ended in FILE
--max-age AGE  STALE when the newest signature is older: 90s, 30m, 12h, 7d
--tsa FILE     certificates (PEM) of the time-stamping authority, from where you trust them: check the time stamps
--json         the verdict as JSON

Exit codes: ${Object.entries(verdictCodes).map(([word, code]) => `${code} ${word}`).join(', ')}; 1 failed, 2 wrong usage.
`; // prettier-ignore

/** The stand-alone verifier. Answers the exit code. */
async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      since: { type: 'string' },
      'max-age': { type: 'string' },
      tsa: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(HELP, 0);
  if (positionals.length > 1) throw new RangeError('One directory at a time.');
  const maxAge = values['max-age'] === undefined ? undefined : readAge(values['max-age']);
  const policy = values.policy === undefined ? undefined : readPolicy(await readFile(values.policy, 'utf8'));
  const since = values.since === undefined ? null : await readSince(values.since);
  const directory = positionals[0] ?? dirname(process.argv[1]!);
  const found = await verifyDirectory(directory, { policy, maxAge, since: since ?? undefined });
  const report = { ...found, verdict: await withTimeStamps(found.verdict, directory, values.tsa) };
  if (values.since !== undefined && report.reached) await writeSince(values.since, report.reached);
  const tell = values.json ? verdictJson : verdictLine;
  return say(`${tell(report.verdict, report)}\n`, verdictCodes[report.verdict.word]);
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

run().then(
  (code) => (process.exitCode = code),
  (error: NodeJS.ErrnoException) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof RangeError || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  },
);
