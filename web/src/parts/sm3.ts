// SM3 (GB/T 32905) of bytes that come piece by piece: a film is never in memory whole.

const BLOCK = 64
const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]

const left = (word: number, by: number) => (word << (by % 32)) | (word >>> (32 - (by % 32)))

/** The round constants, each turned by its round. */
const T = Uint32Array.from({ length: 64 }, (_, round) =>
  round % 32 === 0 ? (round < 16 ? 0x79cc4519 : 0x7a879d8a) : left(round < 16 ? 0x79cc4519 : 0x7a879d8a, round),
)

export class Sm3 {
  private readonly state = Int32Array.from(START)
  private readonly words = new Int32Array(68)
  private readonly rest = new Uint8Array(BLOCK)
  private kept = 0
  private length = 0

  update(bytes: Uint8Array): this {
    this.length += bytes.length
    let at = 0
    if (this.kept > 0) {
      at = Math.min(BLOCK - this.kept, bytes.length)
      this.rest.set(bytes.subarray(0, at), this.kept)
      this.kept += at
      if (this.kept < BLOCK) return this
      this.compress(this.rest, 0)
      this.kept = 0
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.compress(bytes, at)
    this.rest.set(bytes.subarray(at))
    this.kept = bytes.length - at
    return this
  }

  /** The digest in hexadecimal; nothing may follow. */
  finish(): string {
    const bits = this.length * 8
    const padding = new Uint8Array((this.kept < 56 ? 56 : 120) - this.kept + 8)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32))
    view.setUint32(padding.length - 4, bits >>> 0)
    this.update(padding)
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  private compress(bytes: Uint8Array, from: number): void {
    const w = this.words
    const word = (place: number) => w[place] as number
    for (let i = 0; i < 16; i += 1) {
      const at = from + i * 4
      w[i] = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
    }
    for (let i = 16; i < 68; i += 1) {
      const mixed = word(i - 16) ^ word(i - 9) ^ left(word(i - 3), 15)
      w[i] = mixed ^ left(mixed, 15) ^ left(mixed, 23) ^ left(word(i - 13), 7) ^ word(i - 6)
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.state
    for (let i = 0; i < 64; i += 1) {
      const turned = left(a, 12)
      const first = left((turned + e + (T[i] as number)) | 0, 7)
      const second = first ^ turned
      const isEarly = i < 16
      const one = ((isEarly ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + second + (word(i) ^ word(i + 4))) | 0
      const two = ((isEarly ? e ^ f ^ g : (e & f) | (~e & g)) + h + first + word(i)) | 0
      d = c
      c = left(b, 9)
      b = a
      a = one
      h = g
      g = left(f, 19)
      f = e
      e = two ^ left(two, 9) ^ left(two, 17)
    }
    ;[a, b, c, d, e, f, g, h].forEach((value, place) => {
      this.state[place] = (this.state[place] as number) ^ value
    })
  }
}

/** The digest of a text's UTF-8. */
export function sm3Of(text: string): string {
  return new Sm3().update(new TextEncoder().encode(text)).finish()
}
