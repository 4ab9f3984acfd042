/** `npm run bench [-- OPTIONS]`: builds the server when needed and measures; `npm run bench -- crypto` measures the envelope alone. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare(['server']);
const load = (path) => createRequire(import.meta.url)(join(root, 'dist/bench', path));
const [first, ...rest] = process.argv.slice(2);
if (first === 'crypto') load('crypto.js').run();
else await load('main.js').run(first === undefined ? [] : [first, ...rest]);
