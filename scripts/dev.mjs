/** `npm run dev`: the server restarts and the client reloads when a source changes. Open the address Vite prints. */
import { spawn } from 'node:child_process';
import { prepare, root } from './prepare.mjs';

prepare(['server', 'client']);
const programs = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['--watch-path=dist/server', '--watch-preserve-output', 'dist/server/main.js'],
  ['node_modules/vite/bin/vite.js', '--config', 'client/vite.config.ts'],
];
const children = programs.map((args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill(signal)));
children.forEach((child) => child.once('exit', () => children.forEach((other) => other.kill('SIGTERM'))));
