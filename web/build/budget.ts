// Two plugins of the build: every text file is also written compressed, so that the server compresses nothing, and
// the pages that everybody loads first must stay within their budget.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Most bytes, gzip, that the first page may load: scripts and styles that `index.html` names. */
const FIRST_LOAD = 480 * 1024

const COMPRESSED = /\.(js|css|svg|txt)$/
/** Smaller files gain nothing. */
const WORTH_IT = 1024

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}

export function precompress(folder: string): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      for (const path of files(folder)) {
        const content = readFileSync(path)
        if (!COMPRESSED.test(path) || content.length < WORTH_IT) continue
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }))
      }
    },
  }
}

export function budget(folder: string): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    closeBundle() {
      const page = readFileSync(join(folder, 'index.html'), 'utf8')
      const named = [...page.matchAll(/(?:src|href)="\/portal\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
      const sizes = named.map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length)
      const total = sizes.reduce((sum, size) => sum + size, 0)
      const told = `first load ${(total / 1024).toFixed(0)} KiB gzip in ${named.length} files of ${relative('.', folder)}`
      if (named.length === 0) this.error('index.html names no asset: the budget measures nothing')
      if (total > FIRST_LOAD) this.error(`${told}; the budget is ${FIRST_LOAD / 1024} KiB`)
      this.info(told)
    },
  }
}
