// One template: the version in force, the draft with what it changes, what a second person says of it, and every version before.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Select, Space } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { api, ask } from '../../api/client'
import { useHolds, useSession } from '../../app/session'
import { useSpeech } from '../../i18n'
import { FormDialog } from '../../parts/form_dialog'
import { Loaded } from '../../parts/loaded'
import { momentText } from '../../parts/moment'
import { Page, Panel } from '../../parts/page'
import { StatusTag } from '../../parts/status_tag'
import { TextChange } from '../agreement/text_change'
import { Editor, type Written } from './editor'
import { Document } from './filled'
import { wholeOf } from './kinds'
import { askTemplate, draftOf, inForce, kindOf, type Template, TONES, useVersion, type Version } from './wire'

type Decision = 'approve' | 'drop'

export function Component() {
  const { t } = useSpeech()
  const { template_id = '' } = useParams()
  const found = useQuery({ queryKey: ['template', template_id], queryFn: () => askTemplate(template_id) })
  return (
    <Loaded title={t('nav.templates')} query={found}>
      {(template) => <Shown template={template} />}
    </Loaded>
  )
}

function Shown({ template }: { template: Template }) {
  const { t, name } = useSpeech()
  const holds = useHolds()
  const { staff } = useSession()
  const client = useQueryClient()
  const [isWriting, setWriting] = useState(false)
  const [deciding, setDeciding] = useState<Decision | null>(null)
  const draft = draftOf(template)
  const standing = inForce(template)
  const shown = draft ?? standing
  const ofVersion = (version: Version | undefined) => version && { template_id: template.template_id, number: version.number }
  const said = useVersion(ofVersion(shown), shown?.written_at)
  const params = { path: { template_id: template.template_id }, header: { 'If-Match': `"${template.version}"` } }
  const refresh = (after: Template) => {
    client.setQueryData(['template', template.template_id], after)
    return client.invalidateQueries({ queryKey: ['template'] })
  }
  const save = async ({ subject, text, words }: Written) => {
    await refresh(await ask(api.POST('/api/v1/templates/{template_id}/draft', { params, body: { subject, text, words } })))
  }
  const decide = async (decision: Decision, words: string) => {
    await refresh(await ask(api.POST('/api/v1/templates/{template_id}/decision', { params, body: { decision, words } })))
  }
  const isOwn = draft?.written_by === staff.staff_id
  const mayWrite = holds('template.write') && (!draft || isOwn) && said !== undefined
  const mayDecide = holds('template.review') && draft !== undefined
  return (
    <Page
      title={template.name}
      above={<Link to="/templates">{t('nav.templates')}</Link>}
      actions={
        <Space wrap>
          {mayDecide && <Button onClick={() => setDeciding('drop')}>{t('template.drop')}</Button>}
          {mayWrite && (
            <Button type={draft ? 'default' : 'primary'} onClick={() => setWriting(true)}>
              {t(draft ? 'template.rewrite' : 'template.revise')}
            </Button>
          )}
          {mayDecide && !isOwn && (
            <Button type="primary" onClick={() => setDeciding('approve')}>
              {t('template.approve')}
            </Button>
          )}
        </Space>
      }
    >
      <div className="columns">
        <div className="panels">
          <p className="quiet">
            {name('kind', template.kind)}
            {template.topic && ` · ${name('word.topic', template.topic)}`}
          </p>
          {draft && isOwn && <p className="tone-note note">{t('template.own_draft')}</p>}
          {shown && (
            <Panel title={t('template.text_of', { n: shown.number })} extra={<StatusTag family="template_state" state={shown.state} tone={TONES[shown.state]} />}>
              <Document label={t('template.text_of', { n: shown.number })} {...said} />
            </Panel>
          )}
          <History template={template} />
        </div>
        <div className="panels">
          <Panel title={t('template.history')}>
            <ol className="timeline">
              {template.versions.toReversed().map((version) => (
                <Told key={version.number} version={version} />
              ))}
            </ol>
          </Panel>
        </div>
      </div>
      {isWriting && (
        <Editor
          title={t(draft ? 'template.rewrite' : 'template.revise')}
          kind={kindOf(template)}
          initial={{ ...said, words: draft?.words }}
          submit={save}
          close={() => setWriting(false)}
          draft={`template.${template.template_id}.${shown?.number}`}
        />
      )}
      {deciding && (
        <FormDialog<{ words: string }>
          title={t(deciding === 'approve' ? 'template.approve' : 'template.drop')}
          submit={({ words }) => decide(deciding, words)}
          close={() => setDeciding(null)}
        >
          {deciding === 'approve' && <p className="gap-below">{t('template.approve_lead')}</p>}
          <Form.Item name="words" label={t('action.reason')} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
            <Input.TextArea rows={3} maxLength={500} showCount />
          </Form.Item>
        </FormDialog>
      )}
    </Page>
  )
}

function Told({ version }: { version: Version }) {
  const { t } = useSpeech()
  return (
    <li>
      <div className="timeline-head">
        <strong>{t('template.number', { n: version.number })}</strong>
        <StatusTag family="template_state" state={version.state} tone={TONES[version.state]} />
        <span className="quiet">{momentText(version.decided_at ?? version.written_at)}</span>
      </div>
      <blockquote>{version.words}</blockquote>
      {version.decision && <blockquote>{version.decision}</blockquote>}
    </li>
  )
}

/** One version beside the one before it; the newest beside the one that is in force by default. */
function History({ template }: { template: Template }) {
  const { t } = useSpeech()
  const numbers = template.versions.map(({ number }) => number)
  const [chosen, setChosen] = useState<{ from?: number; to?: number }>({})
  const to = chosen.to ?? numbers.at(-1)
  const from = chosen.from ?? inForce(template)?.number ?? numbers.at(-2)
  const compared = from === to ? numbers.findLast((number) => to !== undefined && number < to) : from
  const written = (number: number | undefined) => template.versions.find((version) => version.number === number)?.written_at
  const origin = (number: number | undefined) => (number === undefined ? undefined : { template_id: template.template_id, number })
  const before = useVersion(origin(compared), written(compared))
  const after = useVersion(origin(to), written(to))
  if (numbers.length < 2 || compared === undefined || before === undefined || after === undefined) return null
  const options = numbers.map((number) => ({ value: number, label: t('template.number', { n: number }) }))
  return (
    <TextChange
      title={t('template.difference')}
      before={wholeOf(before)}
      after={wholeOf(after)}
      extra={
        <>
          <Select size="small" aria-label={t('template.compare_from')} value={compared} options={options} onChange={(value) => setChosen({ from: value, to })} />
          <Select size="small" aria-label={t('template.compare_to')} value={to} options={options} onChange={(value) => setChosen({ from: compared, to: value })} />
        </>
      }
    />
  )
}
