// The report on a risk event to the ministry: one page for paper, made of what the matter says. Whether it has to be
// handled as a state secret stands at its head (CH-27.4).

import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Link, useParams } from 'react-router'
import { useSession } from '../../app/session'
import { PAPER } from '../../app/theme'
import { useSpeech } from '../../i18n'
import { Loaded } from '../../parts/loaded'
import { momentText } from '../../parts/moment'
import { Facts, Page, Panel } from '../../parts/page'
import { Body } from '../matter/body'
import { useStateText } from '../matter/matter_state'
import { Waits } from '../matter/wait_view'
import { askMatter, type Matter } from '../matter/wire'
import { useCourse, useSpan } from './event_course'
import { Picture } from './picture'

export function Component() {
  const { t } = useSpeech()
  const { matter_id = '' } = useParams()
  const found = useQuery({ queryKey: ['matter', matter_id], queryFn: () => askMatter(matter_id) })
  return (
    <Loaded title={t('course.report')} query={found}>
      {(matter) => <Report matter={matter} />}
    </Loaded>
  )
}

function Report({ matter }: { matter: Matter }) {
  const { t } = useSpeech()
  const { staff, org, now } = useSession()
  const stateText = useStateText()
  const course = useCourse(matter)
  const span = useSpan()
  const { is_secret } = (matter.body ?? {}) as { is_secret?: boolean }
  return (
    <Page
      title={t('course.report_title')}
      above={<Link to={`/matters/${matter.matter_id}`}>{matter.title}</Link>}
      lead={t('course.made', { at: momentText(now), by: `${org.name} ${staff.login}` })}
      actions={
        <Button type="primary" icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
          {t('course.print')}
        </Button>
      }
    >
      <div className="panels sheet">
        {is_secret && <p className="note tone-bad">{t('course.secret')}</p>}
        <Panel>
          <Facts
            facts={[
              { label: t('matter.channel'), value: `${matter.channel_name ?? ''} ${matter.channel_number ?? ''}` },
              { label: t('matter.owner'), value: matter.owner_name },
              { label: t('list.state'), value: stateText(matter) },
              { label: t('matter.opened'), value: momentText(matter.opened_at) },
              { label: t('course.number'), value: <code>{matter.matter_id}</code> },
            ]}
          />
        </Panel>
        <Body matter={matter} />
        <Panel title={t('course.title')}>
          <Picture course={course} title={matter.title} moment={momentText} span={span} withheld={t('incident.withheld')} look={PAPER} />
        </Panel>
        <Panel title={t('matter.history')}>
          <table className="figures">
            <thead>
              <tr>
                <th scope="col">{t('message.at')}</th>
                <th scope="col">{t('incident.what')}</th>
                <th scope="col">{t('trail.actor')}</th>
                <th scope="col">{t('open.words')}</th>
              </tr>
            </thead>
            <tbody>
              {course.rows
                .filter((row) => !row.isDue)
                .map((row) => (
                  <tr key={row.key}>
                    <td className="nowrap">{momentText(row.at)}</td>
                    <th scope="row">{row.title}</th>
                    <td>{row.actor || '—'}</td>
                    <td className="written">{row.words ?? '—'}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Panel>
        <Panel title={t('matter.waits')}>
          {matter.waits.length === 0 ? <p className="quiet">{t('matter.nobody')}</p> : <Waits kind={matter.kind} waits={matter.waits} />}
        </Panel>
        <p className="signing">{t('course.signing')}</p>
      </div>
    </Page>
  )
}
