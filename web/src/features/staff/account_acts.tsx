// What is done to an account of others, by whoever may; nothing to the own one.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { ReasonDialog } from '../../parts/reason_dialog'
import { Failure } from '../../parts/states'
import type { Deed, Member, Realm } from './realm'
import { type Listed, SessionTable } from './session_table'

interface Props {
  account: Member
  realm: Realm
}

export function AccountActs({ account, realm }: Props) {
  const { t, about } = useSpeech()
  const client = useQueryClient()
  const holds = useHolds()
  const own = useSession().staff.staff_id
  const [chosen, setChosen] = useState<Deed | null>(null)
  const [isLooking, setLooking] = useState(false)
  if (account.staff_id === own) return null
  const state: Deed = account.state === 'active' ? 'disable' : 'enable'
  const maySee = holds(realm.noun === 'team' ? 'team.manage' : 'staff.end_sessions')
  const mayReset = realm.noun === 'staff' && holds('staff.reset_factor') && account.has_factor
  const act = async (reason: string) => {
    if (chosen) await realm.act(chosen, account.staff_id, reason)
    await client.invalidateQueries({ queryKey: [realm.noun] })
  }
  const ofThis = (words: string) => about(words, account.login)
  return (
    <span className="action-bar">
      <Button size="small" danger={state === 'disable'} aria-label={ofThis(t(`staff.${state}`))} onClick={() => setChosen(state)}>
        {t(`staff.${state}`)}
      </Button>
      {mayReset && (
        <Button size="small" aria-label={ofThis(t('staff.reset'))} onClick={() => setChosen('reset')}>
          {t('staff.reset')}
        </Button>
      )}
      {maySee && (
        <Button size="small" aria-label={ofThis(t('security.sessions'))} onClick={() => setLooking(true)}>
          {t('security.sessions')}
        </Button>
      )}
      {chosen && <ReasonDialog title={ofThis(t(`staff.${chosen}`))} act={act} close={() => setChosen(null)} />}
      <Drawer
        open={isLooking}
        title={ofThis(t('security.sessions'))}
        size={900}
        onClose={() => setLooking(false)}
        destroyOnHidden
      >
        <SessionsOf account={account} realm={realm} />
      </Drawer>
    </span>
  )
}

/** The sign-ins of an account of others; ended with a reason, which the account stays enabled through. */
function SessionsOf({ account, realm }: Props) {
  const { t, about } = useSpeech()
  const [ending, setEnding] = useState<Listed | 'all' | null>(null)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [realm.noun, 'sessions', account.staff_id],
    queryFn: () => realm.sessions(account.staff_id),
  })
  const sessions = data?.data ?? []
  const end = async (reason: string) => {
    const session_id = ending === 'all' || ending === null ? undefined : ending.session_id
    await realm.end(account.staff_id, { reason, session_id })
    await refetch()
  }
  return (
    <div className="panels">
      <p className="quiet">{t('team.sessions_lead')}</p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <SessionTable sessions={sessions} isLoading={isFetching} end={setEnding} />
      {sessions.length > 0 && (
        <div className="action-bar">
          <Button danger onClick={() => setEnding('all')}>
            {t('team.end_all')}
          </Button>
        </div>
      )}
      {ending && (
        <ReasonDialog
          title={about(t(ending === 'all' ? 'team.end_all' : 'security.end'), account.login)}
          act={end}
          close={() => setEnding(null)}
        />
      )}
    </div>
  )
}
