// Which of the two worlds this page belongs to: its address says it, and nothing else does.

const SANDBOX = '/sandbox'

export const isSandbox = window.location.pathname.startsWith(`${SANDBOX}/`)

/** What stands before `/api/v1` and `/portal/` in this world. */
export const worldPath = isSandbox ? SANDBOX : ''
