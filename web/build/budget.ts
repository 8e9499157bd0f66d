// Two plugins of the build: every text file is also written compressed, so that the server compresses nothing, and no
// page may need more than its budget when it is the first that somebody opens.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Most bytes, gzip, that a page may need before it stands when it is opened first: scripts and styles, without what it fetches then. */
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

/** What a chunk needs before it runs: itself and everything that it imports, by file name. */
function needed(bundle: Rolldown.OutputBundle, name: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[name]
  if (found.has(name) || chunk?.type !== 'chunk') return found
  found.add(name)
  for (const imported of chunk.imports) needed(bundle, imported, found)
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style)
  return found
}

export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const size = (name: string) => {
        const file = bundle[name]
        return gzipSync((file?.type === 'chunk' ? file.code : file?.source) ?? '', { level: 9 }).length
      }
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const entry = chunks.find((chunk) => chunk.isEntry)
      // A page is what the table of addresses names; what a page fetches when it shows it, such as a chart, comes after it.
      const pages = chunks.filter((chunk) => entry?.dynamicImports.includes(chunk.fileName) && chunk.facadeModuleId?.includes('/features/'))
      // Whoever opens a page loads the words of one language; the first is Chinese.
      const language = chunks.find((chunk) => chunk.facadeModuleId?.endsWith('virtual:words/zh-CN'))
      if (!entry || !language || pages.length === 0)
        return this.error('no entry, no words or no page was found: the budget measures nothing')
      const loads = pages.map((page) => {
        const names = new Set([...needed(bundle, entry.fileName), ...needed(bundle, page.fileName), language.fileName])
        return { page: page.name, bytes: [...names].reduce((sum, name) => sum + size(name), 0) }
      })
      const worst = loads.reduce((one, other) => (other.bytes > one.bytes ? other : one))
      const told = `the heaviest first load is ${worst.page} with ${(worst.bytes / 1024).toFixed(0)} KiB gzip`
      if (worst.bytes > FIRST_LOAD) return this.error(`${told}; the budget is ${FIRST_LOAD / 1024} KiB`)
      this.info(told)
    },
  }
}
