// The networks of a list, as they are typed: one to a line, or with commas and spaces between them.

import type { Schemas } from '../../api/client'

type Wrong = NonNullable<Schemas['Problem']['errors']>[number]

/** The networks in a text. */
export function networksOf(text: string): string[] {
  return text.split(/[\s,，;；、]+/).filter((one) => one !== '')
}

/** What was said of single networks, said of the list that they were typed in, each with the network before it. */
export function ofList(errors: Wrong[], networks: string[]): Wrong[] {
  const told = errors.map((one) => {
    const place = /^\/networks\/(\d+)$/.exec(one.pointer)?.[1]
    return place === undefined ? one : { ...one, pointer: '/networks', message: `${networks[Number(place)] ?? ''}：${one.message}` }
  })
  const listed = told.filter((one) => one.pointer === '/networks')
  const others = told.filter((one) => one.pointer !== '/networks')
  const first = listed[0]
  return first ? [...others, { ...first, message: listed.map((one) => one.message).join('；') }] : others
}
