/**
 * `npm run bench [-- OPTIONS]` builds the server when needed and measures it. The first word may name another bench: crypto
 * (the envelope alone), ledger (verifying the log), load (made-up patients), search (by size of the hospital).
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const OTHERS = { crypto: 'crypto.js', ledger: 'ledger.js', load: 'load-bench.js', search: 'search-bench.js' };

prepare(['server']);
const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && Object.hasOwn(OTHERS, first);
const bench = createRequire(import.meta.url)(join(root, 'dist/bench', named ? OTHERS[first] : 'main.js'));
await bench.run(named || first === undefined ? rest : [first, ...rest]);
