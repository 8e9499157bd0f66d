/** What a sign-in name looks like. */
export const LOGIN = /^[a-z][a-z0-9._-]{2,31}$/
