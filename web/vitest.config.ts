import { defineConfig } from 'vitest/config'
import { oneLanguage } from './build/words.ts'

export default defineConfig({ plugins: [oneLanguage()], test: { include: ['test/**/*.test.ts'], environment: 'node' } })
