import { copyFileSync, mkdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** The library's licence goes where the library goes. */
const licence = {
  name: 'licence',
  closeBundle() {
    mkdirSync('dist', { recursive: true });
    copyFileSync(
      'node_modules/amazon-connect-streams/LICENSE.txt',
      'dist/amazon-connect-streams.LICENSE.txt',
    );
  },
};

export default defineConfig({
  base: '/ccp/',
  plugins: [licence],
  build: {
    // The oldest web views Holdline runs in: WebKitGTK 2.40 (Safari 16.4), WebView2 is evergreen.
    target: ['safari16.4', 'chrome111'],
    assetsInlineLimit: 0,
    assetsDir: '',
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    // The program takes these files in by name.
    rollupOptions: { output: { entryFileNames: 'ccp.js', assetFileNames: 'ccp[extname]' } },
  },
  clearScreen: false,
  // The text catalogue lies outside.
  server: { fs: { allow: ['../..'] } },
  test: { include: ['tests/**/*.test.ts'] },
});
