/** Writes the pages of docs/ that come from the code: `node scripts/docs.mjs`, after `npm run -s build:server`. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const load = createRequire(import.meta.url);
const { permissionsPage } = load('../dist/server/access/permissions-page.js');
const { errorsPage } = load('../dist/server/graphql/errors-page.js');
writeFileSync(join(root, 'docs/permissions.md'), permissionsPage());
writeFileSync(join(root, 'docs/errors.md'), errorsPage());
