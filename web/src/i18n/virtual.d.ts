// What `build/words.ts` makes of the pairs.

declare module 'virtual:words/zh-CN' {
  const table: import('./pair').Table<import('.').Key>
  export default table
}

declare module 'virtual:words/en' {
  const table: import('./pair').Table<import('.').Key>
  export default table
}
