// The text of an agreement in a form: from a template, which the platform fills for each channel, or written there.

import { Form } from 'antd'
import { useSpeech } from '../../i18n'
import { useNote } from '../../parts/use_draft'
import { AGREEMENT, AMENDED_TEXT, AMENDMENT, type Asked } from '../matter/asked'
import { AskedFields } from '../matter/asked_fields'
import { labelOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { Preview, TemplateField } from './choice'
import type { Origin } from './kinds'
import { inForce, kindOf, useTemplates } from './wire'

const KIND = 'agreement'

interface Given {
  channel_id?: string
}

/** What is offered to a channel. */
export function OfferFields({ channel_id }: Given) {
  return <Taken inside="opening" asked={AGREEMENT} channel_id={channel_id} />
}

/** Another text for many. */
export function AmendmentFields() {
  return <Taken inside="amendment" asked={AMENDMENT} isToMany />
}

/** Another text for the channel of an agreement. */
export function AmendFields({ matter }: { matter: Matter }) {
  return <Taken asked={AMENDED_TEXT} channel_id={matter.channel_id ?? undefined} />
}

function Taken({ inside, asked, channel_id, isToMany = false }: { inside?: string; asked: Asked[]; channel_id?: string; isToMany?: boolean }) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const note = useNote()
  const templates = useTemplates().filter((one) => kindOf(one) === KIND && inForce(one))
  const at = (field: string) => (inside ? [inside, field] : [field])
  const origin = Form.useWatch(at('template'), form) as Origin | undefined
  const take = (chosen: Origin | undefined) => {
    const template = templates.find((one) => one.template_id === chosen?.template_id)
    if (!template || form.getFieldValue(at('version'))) return
    const version = `${template.name.slice(0, 32)} 第${chosen?.number}版`
    form.setFieldValue(at('version'), version)
    note(inside ? { [inside]: { version } } : { version })
  }
  return (
    <>
      {templates.length > 0 && (
        <TemplateField
          field={at('template')}
          label={labelOf(name, KIND, 'template')}
          hint={t(isToMany ? 'template.take_many' : 'template.take')}
          templates={templates}
          chosen={take}
        />
      )}
      <AskedFields kind={KIND} asked={origin ? asked.filter(({ at: [field] }) => field !== 'text') : asked} inside={inside} />
      {origin && !isToMany && <Offered at={at} origin={origin} channel_id={channel_id} />}
    </>
  )
}

/** What the text will be, as far as the form is filled in. */
function Offered({ at, origin, channel_id }: { at: (field: string) => string[]; origin: Origin; channel_id?: string }) {
  const form = Form.useFormInstance()
  const chosen = Form.useWatch('channel_id', form) as string | undefined
  const version = Form.useWatch(at('version'), form) as string | undefined
  const from = Form.useWatch(at('from'), form) as string | undefined
  const effective_on = Form.useWatch(at('effective_on'), form) as string | undefined
  const until = Form.useWatch(at('until'), form) as string | undefined
  const told = { version: version || undefined, from: from || effective_on || undefined, until: until || undefined }
  return <Preview field={at('template')} kind={KIND} origin={origin} channel_id={channel_id ?? chosen} told={told} />
}
