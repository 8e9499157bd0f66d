// A rectification: whether the service is suspended stands above everything, then what was ordered; the rest in its own words.

import { useSpeech } from '../../i18n'
import { useDivisions } from '../../app/divisions'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { Facts, Panel } from '../../parts/page'
import { Body, useShow } from '../matter/body'
import { labelOf } from '../matter/naming'
import type { Matter } from '../matter/wire'
import { useServiceName } from '../service/services'
import { type Rectification, suspensionOf } from './suspension'

const KIND = 'rectification'

/** What the page says itself, above the rest or at its head. */
const SHOWN = new Set(['opening', 'service', 'division', 'words', 'hint', 'ordered_by', 'ordered_at', 'due', 'suspension'])

export function RectificationBody({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const called = useServiceName()
  const show = useShow(matter)
  const body = (matter.body ?? {}) as Rectification
  const { service, division, words, hint, ordered_by, due } = body
  const rest = Object.fromEntries(Object.entries(body).filter(([field]) => !SHOWN.has(field)))
  const suspension = suspensionOf(body)
  const label = (field: string) => labelOf(name, KIND, field)
  return (
    <>
      {suspension && !suspension.until && (
        <div className="note withheld tone-bad">
          <strong>{t('rectification.suspended')}</strong>
          <p>
            {t('rectification.suspended_since', { at: momentText(suspension.from) })} <Clause ids="ND-3.5e" />
          </p>
          {suspension.words !== words && <blockquote className="written">{suspension.words}</blockquote>}
        </div>
      )}
      {suspension?.until && (
        <p className="note tone-note">{t('rectification.resumed', { from: momentText(suspension.from), until: momentText(suspension.until) })}</p>
      )}
      <Panel title={t('rectification.demand')}>
        <Facts
          facts={[
            { label: label('service'), value: called(service) },
            { label: label('division'), value: divisions.name(String(division).padStart(6, '0')) },
            { label: label('ordered_by'), value: `${divisions.name(String(ordered_by.division).padStart(6, '0'))} · ${name('party', ordered_by.party)}` },
            { label: label('due'), value: show('due', due) },
            Boolean(hint) && { label: label('hint'), value: show('hint', hint) },
            { label: t('rectification.wrong'), value: <span className="written">{words}</span>, isWide: true },
          ]}
        />
      </Panel>
      <Body matter={{ ...matter, body: rest }} />
    </>
  )
}
