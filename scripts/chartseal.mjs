/** `npm run -s chartseal -- COMMAND`: builds the server when its sources are newer, then becomes the command. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare(['server', 'verifier']);
await createRequire(import.meta.url)(join(root, 'dist/server/cli/main.js')).run();
