// The monthly report of a level-1 channel on its level-2 channels, from a file (CH-11.4d). It is one report: the platform
// takes all of its rows or none.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { Refused } from '../../api/client'
import { useSpeech } from '../../i18n'
import type { Import, Told, Values } from '../../import/plan'
import { useChannels } from '../../parts/choose'
import { ImportWizard } from '../../parts/import_wizard'
import { Loaded } from '../../parts/loaded'
import { Page } from '../../parts/page'
import { spread } from './spread'
import { act, askMatter, type Matter } from './wire'

/** Of each level-2 channel, what the rules ask for. */
const COUNTS = ['issuance', 'active', 'uses'] as const

interface Filing {
  channels: string[]
  report: { rows: ({ channel: string } & Record<(typeof COUNTS)[number], number>)[] } | null
}

/** A report brings every level-2 channel at once; more than these no level-1 channel has. */
const MOST = 1000

function planOf(matter: Matter, nameOf: (number: string) => string): Import {
  const { channels, report } = matter.body as Filing
  return {
    columns: [
      { field: 'channel', title: 'import.filing.channel', hint: 'import.filing.channel_hint', isRequired: true },
      { field: 'name', title: 'import.filing.name', hint: 'import.filing.name_hint' },
      ...COUNTS.map((field) => ({
        field,
        title: `field.${field}` as const,
        hint: 'import.filing.count_hint' as const,
        isRequired: true,
        isNumber: true,
      })),
    ],
    chunk: MOST,
    most: MOST,
    isWhole: true,
    filled: channels.map((channel) => {
      const before = report?.rows.find((row) => row.channel === channel)
      const counts = COUNTS.map((field) => [field, before ? String(before[field]) : ''])
      return { channel, name: nameOf(channel), ...Object.fromEntries(counts) }
    }),
    send: (rows, { isDry }) => send(matter, rows, isDry),
  }
}

async function send(matter: Matter, rows: Values[], isDry: boolean): Promise<Told> {
  // What is no number was found before and keeps the file from being sent; 0 lets the platform say what else is wrong.
  const count = (text = '') => (/^\d{1,15}$/.test(text) ? Number(text) : 0)
  const told = rows.map(({ channel, issuance, active, uses }) => ({
    channel,
    issuance: count(issuance),
    active: count(active),
    uses: count(uses),
  }))
  try {
    await act(matter, 'report', { rows: told }, isDry)
    return { verdicts: rows.map(() => ({ outcome: 'inserted', faults: [] })) }
  } catch (refused) {
    const errors = refused instanceof Refused ? refused.problem.errors : undefined
    if (!errors?.length) throw refused
    return spread(errors, rows.length)
  }
}

export function Component() {
  const { t } = useSpeech()
  const { matter_id = '' } = useParams()
  const found = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  return (
    <Loaded title={t('import.filing.title')} query={found}>
      {(matter) => <Shown matter={matter} />}
    </Loaded>
  )
}

function Shown({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const channels = useChannels()
  const plan = useMemo(
    () => planOf(matter, (number) => channels.find((one) => one.number === number)?.name ?? ''),
    [matter, channels],
  )
  const mayReport = matter.kind === 'filing' && matter.actions.some(({ action }) => action === 'report')
  return (
    <Page
      title={t('import.filing.title')}
      lead={t('import.filing.lead', { title: matter.title })}
      above={<Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>}
    >
      {mayReport ? (
        <ImportWizard
          name={matter.title}
          plan={plan}
          imported={() => client.invalidateQueries({ queryKey: ['matter'], refetchType: 'none' })}
        />
      ) : (
        <p>{t('import.filing.closed')}</p>
      )}
    </Page>
  )
}
