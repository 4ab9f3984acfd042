/** `npm start`: installs and builds what is missing, then becomes the server, so that signals need no passing on. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare(['server', 'client']);
await createRequire(import.meta.url)(join(root, 'dist/server/main.js')).main();
