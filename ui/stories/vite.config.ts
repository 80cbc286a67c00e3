import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'stories',
  plugins: [svelte()],
  server: { host: 'localhost', port: 5174, fs: { allow: ['../..'] } },
});
