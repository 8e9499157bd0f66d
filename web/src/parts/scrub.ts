// A picture without what cannot be seen in it: where, when and with what it was taken, and by whom. It is drawn anew, the
// right way up, so nothing but its points is left, whatever its file had beside them.

const DRAWN: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg' }
/** How much a photograph keeps of what it showed. */
const QUALITY = 0.92

/** The same picture, drawn anew; any other file as it is. Fails when a file that is named like a picture is none. */
export async function scrubbed(file: File): Promise<File> {
  const type = DRAWN[file.name.split('.').at(-1)?.toLowerCase() ?? '']
  if (type === undefined) return file
  const image = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')?.drawImage(image, 0, 0)
  image.close()
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY))
  if (drawn === null) throw new Error(`${file.name} cannot be drawn`)
  return new File([drawn], file.name, { type })
}
