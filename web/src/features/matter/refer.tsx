// What the rules write as an identifier, as people know it: a name, a link.

import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { useChannels, useOrgs } from '../../parts/choose'
import { contentOf } from '../../parts/sending'
import { useAttachments } from '../../parts/upload'
import { askMatter, type Matter } from './wire'

/** The channel of a matter. */
export function ChannelLink({ matter }: { matter: Pick<Matter, 'channel_id' | 'channel_name'> }) {
  if (!matter.channel_id) return <span className="quiet">—</span>
  return <Link to={`/channels/${matter.channel_id}`}>{matter.channel_name ?? matter.channel_id}</Link>
}

/** What an identifier in a matter's body stands for; the identifier itself when that is not in sight. */
export function Refer({ id, matter_id }: { id: string; matter_id: string }) {
  switch (id.slice(0, 3)) {
    case 'chn':
      return <ReferChannel id={id} />
    case 'mat':
      return <ReferMatter id={id} />
    case 'org':
      return <ReferOrg id={id} />
    case 'att':
      return <ReferFile id={id} matter_id={matter_id} />
    default:
      return <code>{id}</code>
  }
}

function ReferChannel({ id }: { id: string }) {
  const found = useChannels().find((one) => one.channel_id === id)
  return <Link to={`/channels/${id}`}>{found ? `${found.name} ${found.number}` : id}</Link>
}

function ReferOrg({ id }: { id: string }) {
  return <>{useOrgs().find((one) => one.org_id === id)?.name ?? <code>{id}</code>}</>
}

function ReferMatter({ id }: { id: string }) {
  const { t } = useSpeech()
  const { data } = useQuery({ queryKey: ['matter', id], queryFn: () => askMatter(id), retry: false })
  return <Link to={`/matters/${id}`}>{data?.title ?? t('matter.see')}</Link>
}

function ReferFile({ id, matter_id }: { id: string; matter_id: string }) {
  const found = useAttachments(matter_id).data?.data.find((one) => one.attachment_id === id)
  if (!found) return <code>{id}</code>
  return (
    <a href={contentOf(found)} target="_blank" rel="noreferrer">
      {found.file_name}
    </a>
  )
}
