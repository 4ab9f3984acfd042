import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { trustedDocuments } from './trusted-documents';

const server = process.env.CHARTSEAL_URL ?? 'http://127.0.0.1:4000';

/** Matches the files of these packages. */
function packages(...names: string[]): RegExp {
  return new RegExp(`node_modules/(${names.join('|')})/`);
}

export default defineConfig({
  root: __dirname,
  plugins: [react(), trustedDocuments()],
  css: { postcss: __dirname },
  // The server puts a fresh nonce in place of this word in every page it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: resolve(__dirname, '../dist/client'),
    emptyOutDir: true,
    // Everything is a file of its own: the content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rollupOptions: {
      // GraphiQL's libraries carry a marker for a compiler that is not used here; a warning for each says nothing.
      onwarn: (warning, report) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : report(warning)),
      output: {
        // Left alone, every small module shared by two pages becomes a file: sixty requests before the first paint.
        codeSplitting: {
          groups: [
            {
              name: 'apollo',
              test: packages('@apollo', '@wry', 'optimism', 'rxjs', 'graphql', 'graphql-tag', 'tslib'),
              priority: 9,
            },
            {
              name: 'react',
              test: packages(
                'react',
                'react-dom',
                'scheduler',
                'use-sync-external-store',
                '@tanstack',
                'i18next',
                'react-i18next',
                'clsx',
                'fast-deep-equal',
                'dayjs',
              ),
              priority: 10,
            },
            {
              name: 'mantine',
              test: packages('@mantine/(core|hooks|store|notifications|spotlight)', '@floating-ui', '@tabler'),
              priority: 8,
            },
          ],
        },
      },
      input: { main: resolve(__dirname, 'index.html'), graphiql: resolve(__dirname, 'graphiql.html') },
    },
  },
  worker: { format: 'es' },
  server: { port: 5173, proxy: { '/graphql': server, '/audit/checkpoint': server } },
});
