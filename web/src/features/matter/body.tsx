// What a matter says. Every kind writes its body in its own way; fields are named by the dictionary, and a value is shown
// by what it is: a day, a moment, a division, an identifier, a list, a group.

import type { ReactNode } from 'react'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { type Fact, Facts, Panel } from '../../parts/page'
import { labelOf, wordOf } from './naming'
import { Refer } from './refer'
import type { Matter } from './wire'

type Value = unknown
type Group = Record<string, Value>

/** Said elsewhere on the page. */
const HIDDEN = new Set([
  'state',
  'opened_by',
  'filed_by',
  'sent_by',
  'reported_by',
  'acknowledged_by',
  'by',
  'contacts_sealed',
])

export function Body({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const { plain, groups } = split(isObject(matter.body) ? matter.body : {})
  return (
    <>
      {plain.length > 0 && (
        <Panel title={t('matter.body')}>
          <Fields matter={matter} fields={plain} />
        </Panel>
      )}
      {groups.map(([name, value]) => (
        <Section key={name} matter={matter} name={name} value={value} />
      ))}
    </>
  )
}

/** Plain fields, and groups that get a panel of their own; what is empty is left out. */
export function split(body: Group): { plain: [string, Value][]; groups: [string, Value][] } {
  const shown = Object.entries(body).filter(([name, value]) => !HIDDEN.has(name) && !isEmpty(value))
  const isGroup = ([, value]: [string, Value]) => isObject(value) || (Array.isArray(value) && value.some(isObject))
  return { plain: shown.filter((field) => !isGroup(field)), groups: shown.filter(isGroup) }
}

function isObject(value: Value): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a field names a division. */
function isPlace(field: string): boolean {
  return /division|region|province/.test(field)
}

function isEmpty(value: Value): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function Section({ matter, name, value }: { matter: Matter; name: string; value: Value }) {
  const label = useLabel(matter.kind)
  const items = (Array.isArray(value) ? value : [value]).filter(isObject)
  return (
    <Panel title={label(name)}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is shown as it was told
        <div key={index} className="group">
          {items.length > 1 && <h3>{`${label(name)} ${index + 1}`}</h3>}
          <Fields matter={matter} fields={Object.entries(item).filter(([key, one]) => !HIDDEN.has(key) && !isEmpty(one))} />
        </div>
      ))}
    </Panel>
  )
}

function Fields({ matter, fields }: { matter: Matter; fields: [string, Value][] }) {
  const label = useLabel(matter.kind)
  const show = useShow(matter)
  return (
    <Facts
      facts={fields.map<Fact>(([name, value]) => ({
        label: label(name),
        value: show(name, value),
        isWide: typeof value === 'string' && value.length > 40,
      }))}
    />
  )
}

function useLabel(kind: string): (field: string) => string {
  const { name } = useSpeech()
  return (field) => labelOf(name, kind, field)
}

/** Microseconds of our time, which no count of anything reaches. */
const MICROSECONDS = 1e14

function useShow({ kind, matter_id }: Matter): (name: string, value: Value) => ReactNode {
  const { t, name: say, language } = useSpeech()
  const divisions = useDivisions()
  const label = useLabel(kind)
  const show = (name: string, value: Value): ReactNode => {
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (typeof value === 'number') {
      if (isPlace(name)) return divisions.name(String(value).padStart(6, '0'))
      return value > MICROSECONDS ? momentText(new Date(value / 1000).toISOString()) : value.toLocaleString('en-US')
    }
    if (typeof value === 'string') {
      if (/^\d{4}-\d\d-\d\dT/.test(value)) return momentText(value)
      if (/^\d{6}$/.test(value) && isPlace(name)) return divisions.name(value)
      if (/^[a-z]{3}_[0-9a-z]{26}$/.test(value)) return <Refer id={value} matter_id={matter_id} />
      const word = wordOf(say, kind, name, value)
      return word === value ? <span className="written">{value}</span> : word
    }
    if (Array.isArray(value)) {
      const separator = language === 'en' ? ', ' : '、'
      const texts = value.map((one) => show(name, one))
      return texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]))
    }
    if (isObject(value)) {
      const inner = Object.entries(value).filter(([key, one]) => !HIDDEN.has(key) && !isEmpty(one))
      return (
        <span className="inner">
          {inner.map(([key, one]) => (
            <span key={key}>
              {label(key)}：{show(key, one)}
            </span>
          ))}
        </span>
      )
    }
    return '—'
  }
  return show
}
