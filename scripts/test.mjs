/**
 * `npm test` on a machine with nothing but Node: installs, builds, finds the programs the tests need, checks types, style and
 * contract, runs every test, and ends with one line of figures. Arguments are Jest's: `npm test -- test/unit`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { demandPrograms } from './test-programs.mjs';

prepare(['server', 'client', 'verifier']);
const env = { ...process.env, NODE_ENV: 'test', ...(await demandPrograms()) };

const chosen = process.argv.slice(2);
const report = join(root, 'test/artefacts/jest.json');
mkdirSync(join(root, 'test/artefacts'), { recursive: true });
rmSync(report, { force: true });

// One worker more than processors, and the checks beside them: tests wait for PostgreSQL, pages and other processes, too.
const workers = String(availableParallelism() + 1);
const jest = ['node_modules/jest/bin/jest.js', '--maxWorkers', workers, '--json', '--outputFile', report, ...chosen];
const [checked, tested] = await Promise.all([
  chosen.length > 0 || run('npm', ['run', '-s', 'check']),
  run(process.execPath, jest),
]);

const { passed, failed } = figures();
if (!checked) console.error('The checks of types, style or contract failed; see above.');
console.log(`${passed} passed, ${failed} failed`);
process.exit(checked && tested && failed === 0 ? 0 : 1);

/** Whether a program succeeded, which says what it has to say as it runs. */
async function run(program, args) {
  const [code] = await once(spawn(program, args, { cwd: root, stdio: 'inherit', env }), 'close');
  return code === 0;
}

/** A suite that could not even start counts as one failure, and so do the checks. */
function figures() {
  const unchecked = checked ? 0 : 1;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const broken = result.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    );
    return { passed: result.numPassedTests, failed: result.numFailedTests + broken.length + unchecked };
  } catch {
    return { passed: 0, failed: 1 + unchecked };
  }
}
