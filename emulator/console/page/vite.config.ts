import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** No polyfill, no inline asset, no source outside: the content security policy of the page allows none. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../../dist/emulator/console/page',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
