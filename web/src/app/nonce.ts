// The nonce of this load of the page, for style sheets that components write while they run.
//
// The components take it by `ConfigProvider csp`, all but two of their measurements (the width of a scroll bar, the lock
// of the page behind a dialog), which write a sheet without it. So every sheet that a script of ours makes gets it.

export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

const create = document.createElement.bind(document) as typeof document.createElement

document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = create(name, options)
  if (element instanceof HTMLStyleElement) element.nonce = nonce
  return element
}) as typeof document.createElement
