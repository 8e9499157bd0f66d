// Companies that ask for an account: the system administrator confirms or declines, the security administrator opens.

import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { api, ask, type Schemas } from '../../api/client'
import { useDivisions } from '../../app/divisions'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { Countdown } from '../../parts/countdown'
import { FormDialog } from '../../parts/form_dialog'
import { dayText, momentText } from '../../parts/moment'
import { Facts, Page } from '../../parts/page'
import { ReasonDialog } from '../../parts/reason_dialog'
import { Reveal } from '../../parts/reveal'
import { type Column, type Filter, SearchTable } from '../../parts/search_table'
import { SecretOnce } from '../../parts/secret_once'
import { StatusTag } from '../../parts/status_tag'
import { useCompanyFacts } from '../company/company_facts'
import { toneOf } from './register'

type Registration = Schemas['RegistrationView']
type Act = 'confirm' | 'decline' | 'open'
/** What a dialog is opened for. */
type Aim = Act | 'look'

const STATES: Schemas['RegistrationState'][] = ['waiting', 'confirmed', 'opened', 'declined', 'lapsed']

export function Component() {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const [chosen, setChosen] = useState<{ act: Aim; one: Registration } | null>(null)
  const [made, setMade] = useState<{ one: Registration; created: Schemas['StaffCreated'] } | null>(null)
  const isOpen = (one: Registration) => one.state === 'waiting' || one.state === 'confirmed'
  const columns: Column<Registration>[] = [
    {
      key: 'name',
      title: t('org.name'),
      width: '16rem',
      render: (one) => (
        <Button type="link" className="cell-link" onClick={() => setChosen({ act: 'look', one })}>
          {one.name}
        </Button>
      ),
      text: (one) => one.name,
    },
    {
      key: 'state',
      title: t('list.state'),
      render: (one) => <StatusTag family="registration" state={one.state} tone={toneOf(one.state)} />,
      text: (one) => name('registration', one.state),
    },
    { key: 'act', title: t('list.act'), render: (one) => <Acts one={one} choose={(act) => setChosen({ act, one })} /> },
    {
      key: 'due',
      title: t('register.lapses'),
      render: (one) => (isOpen(one) ? <Countdown compact deadline={{ due_on: dayText(one.lapses_at) }} /> : '—'),
      text: (one) => dayText(one.lapses_at),
    },
    { key: 'uscc', title: t('org.uscc'), render: (one) => <code>{one.uscc}</code>, text: (one) => one.uscc },
    { key: 'division', title: t('register.division'), render: (one) => divisions.name(one.division), text: (one) => divisions.name(one.division) },
    { key: 'class', title: t('channel.class'), render: (one) => name('class', one.class), text: (one) => name('class', one.class) },
    { key: 'at', title: t('register.at'), render: (one) => momentText(one.filed_at), text: (one) => momentText(one.filed_at), isMoment: true },
  ]
  const filters: Filter<Registration>[] = [
    { key: 'q', label: t('list.search'), admits: (one, q) => `${one.name} ${one.uscc}`.includes(q) },
    { key: 'state', label: t('list.state'), options: STATES.map((state) => ({ value: state, label: name('registration', state) })) },
  ]
  return (
    <Page title={t('nav.registrations')} lead={t('register.queue')}>
      <SearchTable
        title={t('nav.registrations')}
        noun="registration"
        rowKey={(one) => one.registration_id}
        columns={columns}
        filters={filters}
        fetch={({ limit, cursor, values }) =>
          ask(api.GET('/api/v1/registrations', { params: { query: { limit, cursor, state: values.state as Schemas['RegistrationState'] | undefined } } }))
        }
      />
      {chosen && <Dialog {...chosen} close={() => setChosen(null)} whenMade={(one, created) => setMade({ one, created })} />}
      {made && (
        <SecretOnce
          title={t('staff.one_time')}
          about={`${made.created.staff.login} · ${made.one.name} · ${made.one.contact.name} ${made.one.contact.phone}`}
          secret={made.created.one_time_password}
          close={() => setMade(null)}
        />
      )}
    </Page>
  )
}

/** What whoever looks may do with it now. */
function Acts({ one, choose }: { one: Registration; choose: (act: Act) => void }) {
  const { t } = useSpeech()
  const holds = useHolds()
  const decides = holds('registration.decide')
  const acts: Act[] = []
  if (decides && one.state === 'waiting' && !one.org_id) acts.push('confirm')
  if (holds('registration.open') && one.state === 'confirmed' && !one.org_id) acts.push('open')
  if (decides && (one.state === 'waiting' || one.state === 'confirmed')) acts.push('decline')
  if (acts.length === 0) return <span className="quiet">—</span>
  return (
    <span className="action-bar">
      {acts.map((act) => (
        <Button key={act} size="small" danger={act === 'decline'} type={act === 'decline' ? 'default' : 'primary'} onClick={() => choose(act)}>
          {t(`register.${act}`)}
        </Button>
      ))}
    </span>
  )
}

interface DialogProps {
  act: Aim
  one: Registration
  close: () => void
  whenMade: (one: Registration, created: Schemas['StaffCreated']) => void
}

function Dialog({ act, one, close, whenMade }: DialogProps) {
  const { t, about } = useSpeech()
  const holds = useHolds()
  const client = useQueryClient()
  const params = { path: { registration_id: one.registration_id }, header: { 'If-Match': `"${one.version}"` } }
  const again = () => client.invalidateQueries({ queryKey: ['registration'] })
  if (act === 'decline') {
    const decline = async (reason: string) => {
      await ask(api.POST('/api/v1/registrations/{registration_id}/decline', { params, body: { reason } }))
      await again()
    }
    return <ReasonDialog title={about(t('register.decline'), one.name)} hint={t('register.reason_hint')} act={decline} close={close} />
  }
  const submit = async ({ login }: { login: string }) => {
    if (act === 'confirm') await ask(api.POST('/api/v1/registrations/{registration_id}/confirm', { params }))
    if (act === 'open') whenMade(one, await ask(api.POST('/api/v1/registrations/{registration_id}/open', { params, body: { login } })))
    await again()
  }
  return (
    <FormDialog<{ login: string }>
      title={act === 'look' ? one.name : about(t(`register.${act}`), one.name)}
      okText={act === 'look' ? undefined : t(`register.${act}`)}
      isRead={act === 'look'}
      width={640}
      submit={submit}
      close={close}
    >
      {holds('registration.reveal') ? (
        <Reveal ask={(reason) => reveal(one, reason)}>{(told) => <Told one={told ?? one} />}</Reveal>
      ) : (
        <Told one={one} />
      )}
      {act === 'confirm' && <Alert type="info" showIcon title={t('register.confirm_hint')} className="gap-above" />}
      {act === 'open' && (
        <div className="gap-above">
          <Form.Item
            name="login"
            label={t('sign_in.login')}
            extra={t('staff.login_hint')}
            rules={[{ required: true, message: t('field.required') }, { pattern: /^[a-z][a-z0-9._-]{2,31}$/, message: t('field.shape') }]}
          >
            <Input maxLength={32} autoComplete="off" autoFocus />
          </Form.Item>
          <p className="quiet">{t('register.open_hint')}</p>
        </div>
      )}
    </FormDialog>
  )
}

/** One registration with its contact in clear: each asking is on record, with its reason. */
const reveal = ({ registration_id }: Registration, reason: string) =>
  ask(api.POST('/api/v1/registrations/{registration_id}/reveal', { params: { path: { registration_id } }, body: { reason } }))

/** What was filed, as far as it is known here. */
function Told({ one }: { one: Registration }) {
  const { t, name } = useSpeech()
  const divisions = useDivisions()
  const company = useCompanyFacts()
  const isKnown = Boolean(one.org_id) && one.state !== 'opened'
  return (
    <>
      {isKnown && <Alert type="warning" showIcon title={t('register.known', { name: one.org_name ?? '' })} className="gap-below" />}
      <Facts
        facts={[
          { label: t('org.name'), isWide: true, value: one.name },
          { label: t('org.uscc'), value: <code>{one.uscc}</code> },
          { label: t('register.division'), value: divisions.name(one.division) },
          { label: t('channel.class'), value: name('class', one.class) },
          ...company({ ...one, old_enough_on: one.class === 'social' ? one.old_enough_on : undefined }),
          { label: t('register.at'), value: momentText(one.filed_at) },
          { label: t('register.contact_name'), value: one.contact.name },
          { label: t('register.contact_phone'), value: one.contact.phone },
          { label: t('register.contact_email'), value: one.contact.email },
          { label: t('list.state'), value: <StatusTag family="registration" state={one.state} tone={toneOf(one.state)} /> },
          Boolean(one.words) && { label: t('register.words'), isWide: true, value: <span className="written">{one.words}</span> },
          Boolean(one.reason) && { label: t('register.reason'), isWide: true, value: one.reason },
        ]}
      />
    </>
  )
}
