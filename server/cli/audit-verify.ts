import { readAge, verdictJson, verdictLine } from '../../verifier/tell';
import { readSince, writeSince } from '../../verifier/since-file';
import type { RowFinding } from '../audit';
import { runIn } from '../crypto/access-scope';
import { systemContext } from '../graphql/context';
import { checkpointTime, verdictCodes, type Verdict } from '../ledger';
import { verifyTokens, type TokenFinding } from '../patients';
import { exitCodes } from '../platform/exit';
import type { Runtime } from '../runtime';
import { count, Progress } from './progress';
import { print, withRuntime } from './with-runtime';

export interface DatabaseVerifyOptions {
  rows: boolean;
  tokens: boolean;
  json: boolean;
  since?: string;
  maxAge?: number;
}

/** Findings that a JSON answer holds; more are counted. */
const MOST_FINDINGS = 1_000;

/** What a comparison beside the log itself came to. */
interface Compared<Finding> {
  wrong: number;
  findings: Finding[];
}

/** `audit verify` of the database. */
export function verifyDatabase(options: DatabaseVerifyOptions): Promise<void> {
  return withRuntime((runtime) => verifyOpened(runtime, options));
}

/**
 * Verifies the log in the database and what it speaks of; leaves an entry and, when the log is broken, an alarm. Prints what it
 * finds; answers the exit code.
 */
export async function verifyOpened(runtime: Runtime, options: DatabaseVerifyOptions): Promise<number> {
  const { verdict, signedAt } = await verifyLog(runtime, options);
  const { cosignedAt } = await runtime.auditLog.status();
  const circumstances = { signedAt, cosignedAt };
  if (!options.json) print(verdictLine(verdict, circumstances));
  const rows = options.rows ? await compareRows(runtime, options.json) : null;
  const tokens = options.tokens ? await compareTokens(runtime, options.json) : null;
  if (options.json) {
    const told = JSON.parse(verdictJson(verdict, circumstances)) as Record<string, unknown>;
    print(JSON.stringify({ ...told, ...(rows && { rows }), ...(tokens && { tokens }) }));
  }
  const differ = (rows?.wrong ?? 0) + (tokens?.wrong ?? 0) > 0;
  return verdict.word === 'OK' && differ ? exitCodes.failure : verdictCodes[verdict.word];
}

async function verifyLog({ auditLog, base }: Runtime, { since, maxAge }: DatabaseVerifyOptions) {
  const before = since === undefined ? null : await readSince(since);
  const progress = new Progress('Verifying entries');
  const found = await auditLog.verifyAll({
    onProgress: (done, total) => progress.update(done, total),
    since: before ?? undefined,
  });
  progress.finish();
  const { verifiedTo } = auditLog;
  if (since !== undefined && verifiedTo && found.word === 'OK') await writeSince(since, verifiedTo);
  const outcome = found.word === 'OK' ? 'ok' : 'failed';
  await auditLog.tellAlarm(found, before === null);
  await runIn(systemContext('audit verify', 'oversight'), () => base.audit.record({ action: 'verify-log', outcome }));
  // This process seals and signs as well: only what was signed before it came says how old the log is.
  const { size, checkpoint } = auditLog.foundAtOpening;
  const signedAt = checkpoint === null ? null : checkpointTime(checkpoint, await auditLog.keys.verifiers());
  return { verdict: size === 0 ? found : orStale(found, signedAt, maxAge ?? readAge('1h')), signedAt };
}

/** An intact log whose newest checkpoint is older than it may be. */
function orStale(verdict: Verdict, signedAt: Date | null, maxAge: number): Verdict {
  if (verdict.word !== 'OK' || (signedAt && Date.now() - signedAt.valueOf() <= maxAge)) return verdict;
  const told = signedAt ? `was signed at ${signedAt.toISOString()}` : 'is missing';
  return { ...verdict, word: 'STALE', finding: `the newest checkpoint ${told}` };
}

const ROW_FAULTS: Record<RowFinding['fault'], string> = {
  changed: 'changed behind the application',
  missing: 'deleted behind the application',
  unknown: 'the log does not know this row',
};

async function compareRows({ auditLog }: Runtime, json: boolean): Promise<Compared<RowFinding>> {
  const progress = new Progress('Comparing rows');
  const findings = await auditLog.verifyRows((done) => progress.update(done));
  progress.finish();
  if (!json) {
    for (const { table, rowId, fault, lastTrue } of findings)
      print(`${table} ${rowId}: ${ROW_FAULTS[fault]}${lastTrue === null ? '' : `; last true at ${lastTrue}`}`);
    print(summary(findings.length, 'OK: every row is what the log says.', 'rows are not what the log says.'));
  }
  return { wrong: findings.length, findings: findings.slice(0, MOST_FINDINGS) };
}

const TOKEN_FAULTS: Record<TokenFinding['fault'], string> = {
  changed: 'is not what the record gives',
  missing: 'is missing: the patient is not found by anything',
  unknown: 'is of nobody, or of somebody erased',
  unreadable: 'cannot be judged: the record does not open',
};

async function compareTokens({ base, services }: Runtime, json: boolean): Promise<Compared<TokenFinding>> {
  const progress = new Progress('Comparing search tokens');
  const findings: TokenFinding[] = [];
  const { wrong } = await runIn(systemContext('audit verify', 'oversight'), async () => {
    await base.audit.record({ action: 'verify-tokens', target: { type: 'searchIndex', id: null } });
    const { patientRepository: patients, patientIndex } = services;
    return verifyTokens(
      { base, patients, generations: patientIndex.generations },
      {
        onProgress: (done, total) => progress.update(done, total),
        onFinding: (finding) => {
          if (findings.length < MOST_FINDINGS) findings.push(finding);
          const { table, patientId, fault, detail } = finding;
          if (!json) print(`${table} ${patientId}: ${TOKEN_FAULTS[fault]}${detail === null ? '' : ` (${detail})`}`);
        },
      },
    );
  });
  progress.finish();
  if (!json)
    print(summary(wrong, 'OK: every search row is what the record gives.', 'search rows are not as they must be.'));
  return { wrong, findings };
}

function summary(wrong: number, fine: string, faulty: string): string {
  return wrong === 0 ? fine : `${count(wrong)} ${faulty}`;
}
