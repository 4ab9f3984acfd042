/**
 * Lets a child process of a test run the TypeScript sources as they are: `node -r ./test/support/register.cjs FILE.ts`.
 * The compiler settings are those of jest.config.js. What was compiled is kept, named by all that it came from, since
 * hundreds of processes start in a run of the tests.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { version } = require('@swc/core/package.json');
const [, options] = Object.values(require('../../jest.config.js').transform)[0];

const kept = join(__dirname, '../../node_modules/.cache/chartseal-test');
mkdirSync(kept, { recursive: true });

Module._extensions['.ts'] = (module, filename) => module._compile(compiled(filename), filename);

function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha256')
    .update(JSON.stringify([version, options, filename, source]))
    .digest('hex');
  const path = join(kept, `${name}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, { ...options, filename, sourceMaps: 'inline' });
    const aside = `${path}.${process.pid}`; // renamed when whole: others may be reading
    writeFileSync(aside, code);
    renameSync(aside, path);
    return code;
  }
}
require('reflect-metadata');
