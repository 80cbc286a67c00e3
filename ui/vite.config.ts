import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  build: {
    // The oldest web views Holdline runs in: WebKitGTK 2.40 (Safari 16.4), WebView2 is evergreen.
    target: ['safari16.4', 'chrome111'],
    // An inlined asset would be a data: address, which the content security policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  clearScreen: false,
  server: {
    host: 'localhost',
    port: 5173,
    strictPort: true,
    // The text catalogue lies outside.
    fs: { allow: ['..'] },
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
  },
});
