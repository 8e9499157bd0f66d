// What a company has at hand beside the portals: papers, films of a screen, and key pairs made with `ykt`.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM } from './country'

export class Desk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ykt-papers-'))

  /** A paper of a few pages, as far as the platform looks. */
  paper(name: string): string {
    return this.keep(`${name}.pdf`, Buffer.from(`%PDF-1.7 ${name}`))
  }

  /** A film of so many mebibytes. */
  film(name: string, mebibytes: number): string {
    const head = Buffer.from([0, 0, 0, 0x18, ...Buffer.from('ftypisom'), 0, 0, 0, 0])
    return this.keep(`${name}.mp4`, Buffer.concat([head, Buffer.alloc(mebibytes << 20, name)]))
  }

  keep(name: string, content: Buffer | string): string {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return path
  }

  /** The public half of a new key pair; the secret one is kept beside it. */
  key(name: string): string {
    execFileSync(PROGRAM, ['key', 'generate', join(this.folder, name)])
    return join(this.folder, `${name}.pub`)
  }

  /** The signature of a statement that was saved from a page, with the key of this name. */
  signed(statement: string, key: string): string {
    execFileSync(PROGRAM, ['key', 'sign', statement, '--key', join(this.folder, `${key}.key`)])
    return `${statement}.sig`
  }

  /** What of a key is read out on the telephone. */
  fingerprint(key: string): string {
    const told = execFileSync(PROGRAM, ['key', 'fingerprint', join(this.folder, `${key}.pub`), '--json'], { encoding: 'utf8' })
    return (JSON.parse(told) as { fingerprint: string }).fingerprint
  }

  read(path: string): string {
    return readFileSync(path, 'utf8')
  }

  clear(): void {
    rmSync(this.folder, { recursive: true })
  }
}
