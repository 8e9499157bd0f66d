import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { budget, precompress } from './build/budget.ts'
import { oneLanguage } from './build/words.ts'

const dist = fileURLToPath(new URL('dist', import.meta.url))

export default defineConfig({
  base: '/portal/',
  plugins: [react(), oneLanguage(), precompress(dist), budget()],
  // The server replaces this in the page, once for each answer.
  html: { cspNonce: '__YKT_NONCE__' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  // `npm run dev` beside `ykt serve`; the words of clauses lie with the rules.
  server: { fs: { allow: ['..'] }, proxy: { '^(/sandbox)?/api/': 'http://127.0.0.1:8080' } },
})
