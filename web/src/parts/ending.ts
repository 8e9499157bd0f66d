/** The ending of a file's name in small letters, without its dot; the whole name when there is no dot in it. */
export const endingOf = ({ name }: { name: string }): string => name.split('.').at(-1)?.toLowerCase() ?? ''
