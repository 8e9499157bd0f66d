// The contact that holds now.

import { Link } from 'react-router'
import { useHolds } from '../../app/session'
import { useSpeech } from '../../i18n'
import { momentText } from '../../parts/moment'
import { Facts } from '../../parts/page'
import { Reveal } from '../../parts/reveal'
import { StatusTag } from '../../parts/status_tag'
import { When } from '../../parts/when'
import { type Contacts, type Held, type InClear, reveal } from './contacts'

/** The one that holds, masked until whoever is no owner says why. */
export function Now({ contacts, now }: { contacts: Contacts; now: Held }) {
  if (!contacts.may_reveal) return <Card now={now} told={null} />
  return <Reveal ask={reveal(contacts.channel_id)}>{(told) => <Card now={now} told={told} />}</Reveal>
}

function Card({ now, told }: { now: Held; told: InClear | null }) {
  const { t, name } = useSpeech()
  const shown = told ?? now
  return (
    <Facts
      facts={[
        { label: name('application', 'contact.name'), value: shown.name },
        { label: name('application', 'contact.phone'), value: shown.phone },
        {
          label: name('application', 'contact.email'),
          value: (
            <>
              {shown.email} <Verified at={now.verified_at} />
            </>
          ),
        },
        { label: t('contact.since'), value: <Since held={now} /> },
      ]}
    />
  )
}

function Verified({ at }: { at: string | null | undefined }) {
  return (
    <>
      <StatusTag family="contact_mail" state={at ? 'verified' : 'unverified'} tone={at ? 'good' : 'calm'} />
      {at && <span className="quiet">{momentText(at)}</span>}
    </>
  )
}

/** Since when, with the application that told it. */
export function Since({ held }: { held: Held }) {
  const { name } = useSpeech()
  const holds = useHolds()
  const told = name('contact_occasion', held.occasion)
  return (
    <>
      <When at={held.since_at} /> {holds('matter.read') ? <Link to={`/matters/${held.matter_id}`}>{told}</Link> : told}
    </>
  )
}
