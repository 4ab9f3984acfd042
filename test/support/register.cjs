/**
 * Lets a child process of a test run the TypeScript sources as they are: `node -r ./test/support/register.cjs FILE.ts`.
 * The compiler settings are those of jest.config.js.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');
const [, options] = Object.values(require('../../jest.config.js').transform)[0];

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename, sourceMaps: 'inline' });
  module._compile(code, filename);
};
require('reflect-metadata');
