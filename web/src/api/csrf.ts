// What shows the platform that a request comes from this page: told at sign-in and at every load, kept in memory only.
// The session itself is in a cookie that no script can read.

let shown = ''

export const csrf = {
  read: (): string => shown,
  keep: (value: string | null | undefined): void => {
    shown = value ?? ''
  },
}
