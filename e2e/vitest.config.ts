import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['journeys/**/*.test.ts'],
    // One country is founded; each file has a server on a copy of it, and a browser. They follow one another: two at once
    // were hardly sooner done on two cores, and whoever presses a button while it is put in its place misses it.
    fileParallelism: false,
    globalSetup: './stage/country.ts',
    setupFiles: './stage/server.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A page that is asked again until it shows what is expected has as long as a busy machine may need.
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
})
