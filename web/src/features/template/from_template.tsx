// From which template words came: by its name and with a link for whoever may read templates.

import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import type { Origin } from './kinds'
import { useTemplates } from './wire'

export function FromTemplate({ origin: { template_id, number } }: { origin: Origin }) {
  const { t } = useSpeech()
  const found = useTemplates().find((one) => one.template_id === template_id)
  return (
    <>
      {found ? <Link to={`/templates/${template_id}`}>{found.name}</Link> : template_id} · {t('template.number', { n: number })}
    </>
  )
}
