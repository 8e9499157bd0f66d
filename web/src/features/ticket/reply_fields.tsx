// Answering a ticket with words that were used before.

import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Select } from 'antd'
import { useState } from 'react'
import { useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { useNote } from '../../parts/use_draft'
import type { Matter } from '../matter/wire'
import { keyOf, read, readyFor, withReply } from './replies'

export function ReplyFields({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const form = Form.useFormInstance()
  const note = useNote()
  const words = Form.useWatch<string | undefined>('words', form)
  const key = keyOf(useSession().staff.staff_id)
  const [own, setOwn] = useState(() => read(localStorage.getItem(key)))
  const { category } = (matter.body ?? {}) as { category?: string }
  const keepOwn = (next: string[]) => {
    setOwn(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  const option = (text: string) => ({ value: text, label: text })
  const options = [
    { label: t('reply.own'), options: own.map(option) },
    { label: t('reply.ready'), options: readyFor(category).map((one) => option(t(one))) },
  ].filter((group) => group.options.length > 0)
  // What has been written already stays before it.
  const put = (text: string) => {
    const changed = { words: [words?.trim(), text].filter(Boolean).join('\n') }
    form.setFieldsValue(changed)
    note(changed)
  }
  return (
    <div className="reply gap-below">
      <label>
        {t('reply.choose')}
        <Select value={null} options={options} onChange={(text: string | null) => text && put(text)} showSearch={{ optionFilterProp: 'label' }} placeholder={t('reply.placeholder')} aria-label={t('reply.choose')} />
      </label>
      <Button size="small" icon={<PlusOutlined aria-hidden />} disabled={!words?.trim()} onClick={() => keepOwn(withReply(own, words ?? ''))}>
        {t('reply.keep')}
      </Button>
      {own.length > 0 && (
        <Button size="small" type="text" onClick={() => keepOwn([])}>
          {t('reply.forget')}
        </Button>
      )}
    </div>
  )
}
