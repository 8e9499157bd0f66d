// In the header: in whose place one acts or may act, and what one is asked to take on.

import { Button } from 'antd'
import { Link } from 'react-router'
import { useSpeech } from '../../i18n'
import { useCapacity, useDelegations } from './delegations'
import { toldOf } from './told'

export function StandIn() {
  const { t } = useSpeech()
  const { data } = useDelegations()
  const { named, act } = useCapacity()
  const { mayActFor, asked, represented } = toldOf(data?.data ?? [])
  return (
    <>
      {mayActFor.map((one) => {
        const isActing = one.delegation_id === named
        const who = { who: one.giver.login, day: one.until_on }
        return (
          <Button
            key={one.delegation_id}
            size="small"
            type="text"
            className={isActing ? 'stand-in tone-warn' : 'stand-in'}
            aria-pressed={isActing}
            title={t(isActing ? 'delegation.stop' : 'delegation.start')}
            onClick={() => void act(isActing ? null : one.delegation_id)}
          >
            {t(isActing ? 'delegation.acting' : 'delegation.may_act', who)}
          </Button>
        )
      })}
      {asked.length > 0 && (
        <Link className="stand-in" to="/security">
          {t('delegation.asked', { n: asked.length })}
        </Link>
      )}
      {represented && (
        <Link className="stand-in" to="/security">
          {t('delegation.represented', { who: represented.taker.login, day: represented.until_on })}
        </Link>
      )}
    </>
  )
}
