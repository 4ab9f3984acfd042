/**
 * `npm test` on a machine with nothing but Node: installs, builds, finds Chromium and SoftHSM, checks types, style and contract,
 * runs every test, and ends with one line of figures. Arguments are Jest's: `npm test -- test/unit`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { demandBrowser } from './browser.mjs';
import { demandHsm } from './hsm.mjs';
import { prepare, root } from './prepare.mjs';

prepare(['server', 'client', 'verifier']);
const env = { ...process.env, NODE_ENV: 'test', CHROME_PATH: await demandBrowser(), SOFTHSM2_MODULE: demandHsm() };
const run = (program, args) => spawnSync(program, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;

const chosen = process.argv.slice(2);
const checked = chosen.length > 0 || run('npm', ['run', '-s', 'check']) === 0;

const report = join(root, 'test/artefacts/jest.json');
mkdirSync(join(root, 'test/artefacts'), { recursive: true });
rmSync(report, { force: true });
const workers = String(Math.max(2, availableParallelism() - 1));
const jest = ['node_modules/jest/bin/jest.js', '--maxWorkers', workers, '--json', '--outputFile', report, ...chosen];
const tested = run(process.execPath, jest) === 0;

const { passed, failed } = figures();
if (!checked) console.error('The checks of types, style or contract failed; see above.');
console.log(`${passed} passed, ${failed} failed`);
process.exit(checked && tested && failed === 0 ? 0 : 1);

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
