// 附表1 to 附表3 as PDF: with what an application says, to be sealed, or blank.

import { PrinterOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useState } from 'react'
import { api, ask } from '../../api/client'
import { useSpeech } from '../../i18n'
import { said } from '../../parts/attempt'
import { download } from '../../parts/export_button'
import { MenuButton } from '../../parts/menu_button'
import type { Matter } from './wire'

type Number = '1' | '2' | '3'

const ALL: Number[] = ['1', '2', '3']

function fetchForm(form: Number, matter_id: string | undefined): Promise<unknown> {
  if (matter_id === undefined) {
    return ask(api.GET('/api/v1/forms/{form}', { params: { path: { form } }, parseAs: 'blob' }))
  }
  const params = { path: { matter_id, form } }
  return ask(api.GET('/api/v1/matters/{matter_id}/forms/{form}', { params, parseAs: 'blob' }))
}

/** The forms of an application; without one, blank ones. */
export function PrintedForms({ matter }: { matter?: Matter }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  const print = async (form: Number) => {
    setBusy(true)
    try {
      const file = await fetchForm(form, matter?.matter_id)
      download(file as Blob, `${t('matter.form', { n: form })} ${matter?.title ?? t('matter.blank_forms')}.pdf`)
    } catch (refused) {
      message.error(said(refused))
    } finally {
      setBusy(false)
    }
  }
  const items = ALL.filter((form) => form !== '2' || isSocial(matter)).map((form) => ({ key: form, label: t('matter.form', { n: form }) }))
  return (
    <MenuButton items={items} choose={(key) => void print(key)} icon={<PrinterOutlined aria-hidden />} loading={isBusy}>
      {t(matter ? 'matter.forms' : 'matter.blank_forms')}
    </MenuButton>
  )
}

/** 附表2 is of channels of class 社会; what an application is of is known when it has been filed. */
function isSocial(matter: Matter | undefined): boolean {
  const { filed } = (matter?.body ?? {}) as { filed?: { class?: string } | null }
  return filed?.class === undefined || filed.class === 'social'
}
