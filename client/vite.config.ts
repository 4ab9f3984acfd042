import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const server = process.env.CHARTSEAL_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: __dirname,
  plugins: [react()],
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
      input: { main: resolve(__dirname, 'index.html'), graphiql: resolve(__dirname, 'graphiql.html') },
    },
  },
  worker: { format: 'es' },
  server: { port: 5173, proxy: { '/graphql': server, '/audit/checkpoint': server } },
});
