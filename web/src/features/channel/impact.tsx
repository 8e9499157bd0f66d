// What a step against a channel would break, before it is confirmed. What stops is the platform's own answer: nothing is
// reckoned here.

import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { api, ask, type Schemas } from '../../api/client'
import { useSpeech } from '../../i18n'
import { between } from '../../i18n/between'
import { Clause } from '../../parts/clause'
import { Failure, Loading } from '../../parts/states'
import { causeOf } from '../risk_event/causes'
import { useServiceName } from '../service/services'
import { alike, isForGood, queryOf, type Step } from './step'

export function Impact({ channel_id, step }: { channel_id: string; step: Step }) {
  const { t } = useSpeech()
  const query = queryOf(step)
  const { data, error, refetch } = useQuery({
    queryKey: ['channel', channel_id, 'impact', query],
    queryFn: () => ask(api.GET('/api/v1/channels/{channel_id}/impact', { params: { path: { channel_id }, query } })),
    retry: false,
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  return (
    <Alert
      className="gap-below impact"
      type={data && data.stops.length === 0 ? 'info' : 'warning'}
      title={t('impact.title')}
      role="status"
      description={data ? <Said impact={data} step={step} /> : <Loading />}
    />
  )
}

function Said({ impact: { stops, usage, rectify_by }, step }: { impact: Schemas['ImpactView']; step: Step }) {
  const { t, name, language } = useSpeech()
  const called = useServiceName()
  const separator = between(language)
  return (
    <>
      {stops.length === 0 ? (
        <p>{t('impact.nothing')}</p>
      ) : (
        <ul>
          {alike(stops).map(({ uses, services: codes }) => (
            <li key={uses.join(' ')}>
              <strong>{uses.map((use) => name('channel_use', use)).join(separator)}</strong>
              {language === 'en' ? `, ${codes.length} services: ` : `（${codes.length}项服务）：`}
              {codes.map(called).join(separator)}
            </li>
          ))}
        </ul>
      )}
      {usage && (
        <p>
          {t('impact.usage', {
            from: usage.from_on,
            to: usage.to_on,
            uses: usage.uses.toLocaleString('en-US'),
            users: usage.users.toLocaleString('en-US'),
            issued: usage.issued.toLocaleString('en-US'),
            payments: usage.payments.toLocaleString('en-US'),
          })}
        </p>
      )}
      {stops.length > 0 && <p>{t(isForGood(step) ? 'impact.for_good' : 'impact.at_once')}</p>}
      {rectify_by && (
        <p>
          {t('impact.rectify_by', { day: rectify_by })} <Clause ids={causeOf(step.cause)?.grade === '1' ? 'CH-31.1' : 'CH-31.2'} />
        </p>
      )}
      {!rectify_by && !isForGood(step) && <p>{t('impact.no_day')}</p>}
      <p className="quiet">{t('impact.whole')}</p>
    </>
  )
}
