import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['journeys/**/*.test.ts'],
    // One server and one browser serve all journeys; they follow one another.
    fileParallelism: false,
    globalSetup: './stage/server.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
