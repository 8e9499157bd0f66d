// What a matter says. Every kind writes its body in its own way; fields are named by the dictionary, and a value is shown
// by what it is: a day, a moment, a division, an identifier, a list, a group.

import type { ReactNode } from 'react'
import { useDivisions } from '../../app/divisions'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Clause } from '../../parts/clause'
import { momentText } from '../../parts/moment'
import { type Fact, Facts, Panel } from '../../parts/page'
import { FromTemplate } from '../template/from_template'
import { originIn } from '../template/kinds'
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

/** Of one kind: what stands at the head of the page already. */
const HIDDEN_OF: Record<string, Set<string>> = { exit: new Set(['opened']) }

/** In which order a story is told, where the order of the fields is not the order of the events. */
const ORDER: Record<string, string[]> = {
  exit: ['voluntary', 'forced', 'decision', 'transition', 'prompts', 'announcement', 'closed_on'],
  risk_event: ['proposal', 'finding', 'confirmed', 'rectification', 'attempts', 'decision', 'agreed', 'root_cause', 'observation'],
}

export function Body({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const body = Object.entries(isObject(matter.body) ? matter.body : {}).filter(([name]) => !HIDDEN_OF[matter.kind]?.has(name))
  const { plain, groups } = split(Object.fromEntries(body))
  return (
    <>
      {plain.length > 0 && (
        <Panel title={t('matter.body')}>
          <Fields matter={matter} fields={plain} />
        </Panel>
      )}
      {inOrder(groups, ORDER[matter.kind]).map(([name, value]) => (
        <Section key={name} matter={matter} name={name} value={value} />
      ))}
    </>
  )
}

/** Plain fields, and groups that get a panel of their own; what is empty is left out. */
export function split(body: Group): { plain: [string, Value][]; groups: [string, Value][] } {
  const shown = Object.entries(body).filter(isTold)
  const isGroup = ([, value]: [string, Value]) =>
    (isObject(value) && !isPeriod(value) && !originIn({ template: value })) || (Array.isArray(value) && value.some(isObject))
  return { plain: shown.filter((field) => !isGroup(field)), groups: shown.filter(isGroup) }
}

function inOrder<Field extends [string, Value]>(fields: Field[], order: string[] = []): Field[] {
  const place = ([name]: Field) => (order.includes(name) ? order.indexOf(name) : order.length)
  return fields.toSorted((one, other) => place(one) - place(other))
}

function isObject(value: Value): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a field says anything: something that is not the case goes without saying. */
function isTold([name, value]: [string, Value]): boolean {
  return !HIDDEN.has(name) && !isEmpty(value) && !(value === false && name.startsWith('is_'))
}

/** A period that the rules set; whether it is still running is said where the matter waits. */
interface Period {
  starts_on?: string
  due_on: string
  clause: string
}

function isPeriod(value: Value): value is Period {
  return isObject(value) && typeof value.due_on === 'string' && typeof value.clause === 'string'
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
          <Fields matter={matter} fields={Object.entries(item).filter(isTold)} />
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

export function useShow({ kind, matter_id }: Matter): (name: string, value: Value) => ReactNode {
  const { t, name: say, language, about } = useSpeech()
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
      const separator = between(language)
      const texts = value.map((one) => show(name, one))
      return texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]))
    }
    if (isPeriod(value)) {
      return (
        <span className="countdown">
          <span className="nowrap">{value.starts_on ? t('matter.period', { from: value.starts_on, until: value.due_on }) : value.due_on}</span>
          <Clause ids={value.clause} />
        </span>
      )
    }
    const origin = originIn({ template: value })
    if (origin) return <FromTemplate origin={origin} />
    // The registration of the key that signed has a page of its own.
    if (name === 'registration' && isObject(value) && typeof value.matter === 'string') return <Refer id={value.matter} matter_id={matter_id} />
    if (isObject(value)) {
      const inner = Object.entries(value).filter(isTold)
      return (
        <span className="inner">
          {inner.map(([key, one]) => (
            <span key={key}>
              {about(label(key), '')}
              {show(key, one)}
            </span>
          ))}
        </span>
      )
    }
    return '—'
  }
  return show
}
