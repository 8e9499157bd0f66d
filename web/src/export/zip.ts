// The least of a ZIP that a workbook needs: files stored as they are, named in ASCII.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

/** 1980-01-01: a workbook made twice from the same rows is the same file. */
const DATE = 0x21

function header(signature: number, middle: number[][], tail: number[][]): Uint8Array<ArrayBuffer> {
  const fields = [[4, signature], ...middle, ...tail]
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size = 0]) => sum + size, 0)))
  let at = 0
  for (const [size = 0, value = 0] of fields) {
    if (size === 4) view.setUint32(at, value, true)
    else view.setUint16(at, value, true)
    at += size
  }
  return new Uint8Array(view.buffer)
}

/** One archive of the files, in their order. */
export function zip(files: { name: string; text: string }[]): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  for (const file of files) {
    const name = encoder.encode(file.name)
    const content = encoder.encode(file.text)
    // Version 2.0, no flags, stored, date, checksum, both sizes, length of the name, no extra field.
    const common = [
      [2, 20], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc32(content)], [4, content.length], [4, content.length],
      [2, name.length], [2, 0],
    ]
    parts.push(header(0x04034b50, common, []), name, content)
    const place = [[2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]
    directory.push(header(0x02014b50, [[2, 20], ...common], place), name)
    offset += 30 + name.length + content.length
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0)
  const end = [[2, 0], [2, 0], [2, files.length], [2, files.length], [4, length], [4, offset], [2, 0]]
  return [...parts, ...directory, header(0x06054b50, end, [])]
}
