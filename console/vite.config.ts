import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page goes to dist/app, beside the type declarations of `tsc`, so that neither build empties the other's folder. */
export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: { outDir: 'dist/app', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022', sourcemap: false },
});
