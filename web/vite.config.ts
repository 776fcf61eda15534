import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { endpointTable } from './endpoint-table.ts';
import { precompress } from './precompress.ts';

const target = process.env.SLUICE_DEV_TARGET ?? 'http://localhost:9000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), endpointTable(), precompress()],
  server: {
    proxy: { '/api': target, '/v1': target, '/sandbox': target },
  },
  build: {
    outDir: 'dist',
    target: 'es2023',
    sourcemap: false,
    // A data: URL in a style sheet would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone, each small module that pages share would be a request of its own.
          groups: [
            {
              name: 'framework',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|use-intl)\//,
            },
            { name: 'shared', test: /\/web\/src\/(api|ui)\/(?!BarChartDrawn).*\.tsx?$/ },
          ],
        },
      },
    },
  },
});
