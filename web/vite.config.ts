import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { budget, precompress } from './build/budget.ts'

const dist = fileURLToPath(new URL('dist', import.meta.url))

export default defineConfig({
  base: '/portal/',
  plugins: [react(), precompress(dist), budget()],
  // The server replaces this in the page, once for each answer.
  html: { cspNonce: '__YKT_NONCE__' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  // `npm run dev` beside `ykt serve`.
  server: { proxy: { '^(/sandbox)?/api/': 'http://127.0.0.1:8080' } },
})
