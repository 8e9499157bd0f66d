// What the rules say of templates: their kinds, what is filled in each, and how long they are.

import type { Schemas } from '../../api/client'

export type Kind = Schemas['TemplateKind']
export type Topic = Schemas['NoticeTopic']
/** From which version of which template words are filled. */
export interface Origin {
  template_id: string
  number: number
}
/** What a version says; a notice has a title. */
export interface Words {
  subject?: string
  text: string
}

export const KINDS: Kind[] = ['agreement', 'notice']
/** What a notice is about. */
export const TOPICS: Topic[] = ['upgrade', 'maintenance', 'pause', 'resumption']
/** Most letters of the text. */
export const LONGEST: Record<Kind, number> = { agreement: 80_000, notice: 2000 }

const OF_CHANNEL = ['渠道名称', '渠道编号', '单位名称', '统一社会信用代码', '服务地区', '运营机构']
/** What the platform fills. */
export const PLACEHOLDERS: Record<Kind, string[]> = {
  agreement: [...OF_CHANNEL, '生效日期', '终止日期', '协议版本'],
  notice: [...OF_CHANNEL, '开始时间', '结束时间', '确认截止日', '升级期限'],
}

/** Title and text as one, to be compared. */
export const wholeOf = ({ subject, text }: Words) => (subject ? `${subject}\n\n${text}` : text)

/** Where the words of a body came from, if it says so. */
export function originIn(body: unknown): Origin | undefined {
  const found = (body as { template?: Partial<Origin> | null } | null | undefined)?.template
  return typeof found?.template_id === 'string' && typeof found.number === 'number' ? { template_id: found.template_id, number: found.number } : undefined
}
