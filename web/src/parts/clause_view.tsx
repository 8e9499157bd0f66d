// What a clause says, loaded when somebody asks.

import { useSpeech } from '../i18n'
import { said } from './clause_words'

export default function ClauseView({ id }: { id: string }) {
  const { t, language } = useSpeech()
  const found = said(id)
  if (found.length === 0) return <p>{t('clause.unknown', { id })}</p>
  return (
    <dl className="clause-list">
      {found.map((one) => (
        <div key={one.id}>
          <dt>{one.id}</dt>
          <dd>
            {(language === 'zh-CN' || !one.isReading) && <p lang="zh-CN">{one.zh}</p>}
            {language === 'en' && <p lang="en">{one.en}</p>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
