/** `npm start`: installs and builds what is missing, then becomes the server, so that signals need no passing on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare(['server', 'client']);
stopWithNpm();
await createRequire(import.meta.url)(join(root, 'dist/server/main.js')).main();

/**
 * npm hands a signal to the shell it runs scripts in, and the shell keeps it to itself. So when npm or that shell is
 * gone, the server stops as if it had been told to, instead of holding the port unseen.
 */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const callers = describeCallers();
  const timer = setInterval(() => {
    if (describeCallers() === callers) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

/** Our parent and, when that is the shell npm started, npm itself. */
function describeCallers() {
  const { ppid } = process;
  const [, name, above] = /\((.*)\) \S (\d+)/.exec(statusOf(ppid)) ?? [];
  return name?.endsWith('sh') ? `${ppid} ${above}` : String(ppid);
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
