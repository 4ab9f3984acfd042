/** `npm run build:verifier`: puts the stand-alone verifier into one file that an auditor can read from top to bottom. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'verifier/main.ts', // for Node: its own modules stay imports
    outDir: 'dist/verifier',
    emptyOutDir: false, // the compiled sources lie there too
    minify: false,
    target: 'node20',
    rolldownOptions: {
      output: {
        format: 'es',
        entryFileNames: 'chartseal-verify.mjs',
        banner:
          '// Chartseal: verifies an exported audit log. Built from verifier/ and server/ledger/ of its sources; needs Node only.',
      },
    },
  },
});
