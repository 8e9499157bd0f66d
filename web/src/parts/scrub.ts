// A picture without what cannot be seen in it: where, when and with what it was taken, and by whom. It is drawn anew, the
// right way up, so nothing but its points is left, whatever its file had beside them.

import { endingOf } from './ending'

const DRAWN: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg' }
/** What every browser draws; a larger picture is drawn smaller. */
const MOST_POINTS = 16_000_000
/** How much a photograph keeps of what it showed. */
const QUALITY = 0.92

/** The same picture, drawn anew; any other file as it is. Fails when a file that is named like a picture is none. */
export async function scrubbed(file: File): Promise<File> {
  const type = DRAWN[endingOf(file)]
  if (type === undefined) return file
  const image = await createImageBitmap(file)
  const scale = Math.min(1, Math.sqrt(MOST_POINTS / (image.width * image.height)))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.floor(image.width * scale))
  canvas.height = Math.max(1, Math.floor(image.height * scale))
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('this browser draws nothing')
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY))
  if (drawn === null) throw new Error(`${file.name} cannot be drawn`)
  return new File([drawn], file.name, { type })
}
