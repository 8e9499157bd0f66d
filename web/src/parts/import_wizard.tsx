// An import from a file: prepare, choose, see what the platform says of every row, and then do it. What is imported is
// described by an `Import`; nothing here knows a noun.

import { CloseOutlined, DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Progress as Bar, Table } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type Key, useSpeech } from '../i18n'
import {
  countsOf,
  errorSheet,
  type Import,
  MOST_LETTERS,
  type Row,
  reasons,
  run,
  type Sheaf,
  sheafOf,
  templateOf,
  type Verdict,
} from '../import/plan'
import { Illegible, MOST_BYTES, read, TAKEN } from '../import/table'
import { download } from './export_button'
import { Panel } from './page'
import { Failure } from './states'
import { StatusTag, type Tone } from './status_tag'
import { bytesText } from './upload'
import { useReachable } from './reachable'

/** Rows that are shown. */
const SHOWN = 50

/** A file that was read, and what has been found about its rows. */
interface Work {
  file: string
  encoding?: string
  sheaf: Sheaf
  /** What is being done, or was done last. */
  stage: 'check' | 'commit'
  found: Map<number, Verdict>
  whole: string[]
  isRunning: boolean
}

interface Props {
  /** What files are called. */
  name: string
  /** What is imported; the same object as long as it is the same. */
  plan: Import
  /** Told when rows have been written. */
  imported: () => Promise<unknown>
}

export function ImportWizard({ name, plan, imported }: Props) {
  const { t, language } = useSpeech()
  const [work, setWork] = useState<Work | null>(null)
  const [trouble, setTrouble] = useState<unknown>(null)
  const running = useRef<AbortController>(null)
  useEffect(() => () => running.current?.abort(), [])

  /** Checks the rows, or writes those that were found right; goes on where it stopped. */
  const proceed = async (begun: Work) => {
    const controller = new AbortController()
    running.current?.abort()
    running.current = controller
    const isDry = begun.stage === 'check'
    let now: Work = { ...begun, isRunning: true }
    const show = (next: Partial<Work>) => {
      now = { ...now, ...next }
      if (running.current === controller) setWork(now)
    }
    setTrouble(null)
    show({})
    try {
      const progress = (found: Work['found'], whole: string[]) => show({ found, whole })
      await run(plan, now.sheaf.rows, now.found, { isDry, signal: controller.signal, progress })
    } catch (refused) {
      if (!controller.signal.aborted) setTrouble(refused)
    }
    show({ isRunning: false })
    if (!isDry) await imported()
  }
  const choose = async (file: File) => {
    running.current?.abort()
    setTrouble(null)
    setWork(null)
    try {
      const table = await read(file)
      const sheaf = sheafOf(table, plan, { t, language })
      if (typeof sheaf === 'string') return setTrouble(sheaf)
      const { encoding } = table
      await proceed({ file: file.name, encoding, sheaf, stage: 'check', found: new Map(), whole: [], isRunning: true })
    } catch (refused) {
      setTrouble(refused instanceof Illegible ? t(refused.why) : refused)
    }
  }
  /** What the check found right is written; what it found wrong or unchanged needs no second word. */
  const commit = (checked: Work) => {
    const isDone = ([, { outcome }]: [number, Verdict]) => !plan.isWhole && (outcome === 'refused' || outcome === 'unchanged')
    void proceed({ ...checked, stage: 'commit', found: new Map([...checked.found].filter(isDone)), whole: [] })
  }
  return (
    <div className="panels">
      <Prepare name={name} plan={plan} />
      <Panel title={t('import.choose')}>
        <Choose work={work} plan={plan} choose={(file) => void choose(file)} />
        <div role="status">
          {typeof trouble === 'string' && <p className="upload-wrong">{trouble}</p>}
          {trouble !== null && typeof trouble !== 'string' && (
            <Failure error={trouble} retry={work ? () => void proceed(work) : undefined} />
          )}
        </div>
      </Panel>
      {work && (
        <Panel title={t('import.check')}>
          <Found
            name={name}
            plan={plan}
            work={work}
            cancel={() => running.current?.abort(new DOMException(t('import.cancelled'), 'AbortError'))}
            goOn={() => void proceed(work)}
            commit={() => commit(work)}
          />
        </Panel>
      )}
    </div>
  )
}

function Prepare({ name, plan }: { name: string; plan: Import }) {
  const { t, language } = useSpeech()
  const save = async (kind: 'xlsx' | 'csv') => {
    const sheet = templateOf(plan, name, t)
    const made = await (kind === 'xlsx'
      ? import('../export/xlsx').then(({ xlsx }): BlobPart => xlsx(sheet))
      : import('../export/csv').then(({ csv }): BlobPart => csv([sheet.head, ...sheet.rows])))
    download(new Blob([made]), `${name}-${t('import.template_name')}.${kind}`)
  }
  const size = bytesText(MOST_BYTES)
  const most = plan.most.toLocaleString(language)
  return (
    <Panel title={t('import.prepare')}>
      <p>{t('import.prepare_hint')}</p>
      <dl className="facts gap-above">
        {plan.columns.map(({ field, title, hint, isRequired }) => (
          <div key={field}>
            <dt>
              {t(title)}
              {isRequired && ` · ${t('import.required')}`}
            </dt>
            <dd>{t(hint)}</dd>
          </div>
        ))}
      </dl>
      <div className="action-bar gap-above">
        <Button icon={<DownloadOutlined aria-hidden />} onClick={() => void save('xlsx')}>
          {t('import.template')}
        </Button>
        <Button icon={<DownloadOutlined aria-hidden />} onClick={() => void save('csv')}>
          {t('import.template_csv')}
        </Button>
      </div>
      <p className="quiet gap-above">{t('import.limits', { size, most, letters: MOST_LETTERS })}</p>
    </Panel>
  )
}

function Choose({ work, plan, choose }: { work: Work | null; plan: Import; choose: (file: File) => void }) {
  const { t } = useSpeech()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <div className="upload-choose">
        <Button type={work ? 'default' : 'primary'} icon={<UploadOutlined aria-hidden />} onClick={() => picker.current?.click()}>
          {t(work ? 'import.choose_again' : 'import.choose_file')}
        </Button>
        {work && (
          <span>
            {t('import.chosen', { name: work.file, n: work.sheaf.rows.length })}
            {work.encoding && t('import.encoding', { encoding: work.encoding })}
          </span>
        )}
      </div>
      <p className="quiet gap-above">{t(plan.isWhole ? 'import.whole_hint' : 'import.resume_hint')}</p>
      <input
        ref={picker}
        type="file"
        hidden
        data-purpose="import"
        accept={TAKEN.map((one) => `.${one}`).join(',')}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) choose(file)
        }}
      />
    </>
  )
}

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'refused'] as const
const TONES: Record<Verdict['outcome'], Tone> = { inserted: 'good', updated: 'note', unchanged: 'calm', refused: 'bad' }

interface FoundProps {
  name: string
  plan: Import
  work: Work
  cancel: () => void
  goOn: () => void
  commit: () => void
}

function Found({ name, plan, work, cancel, goOn, commit }: FoundProps) {
  const { t, name: say, language } = useSpeech()
  const { sheaf, found, stage, whole, isRunning } = work
  const counts = countsOf(found)
  const all = sheaf.rows.length
  const isOver = found.size === all && !isRunning
  const isWrong = counts.refused > 0 || whole.length > 0
  const good = counts.inserted + counts.updated
  const family = `import.${plan.isWhole ? 'whole' : 'row'}.${stage}`
  const ends = OUTCOMES.filter((one) => counts[one] > 0 || (one !== 'updated' && !(plan.isWhole && one === 'unchanged')))
  const saveErrors = async () => {
    const { xlsx } = await import('../export/xlsx')
    const title = `${name}-${t('import.errors_name')}`
    download(new Blob([xlsx(errorSheet(sheaf, found, title, { t, language }))]), `${title}.xlsx`)
  }
  const mayCommit = isOver && stage === 'check' && good > 0 && !(plan.isWhole && isWrong)
  return (
    <>
      <div role="status" aria-live="polite">
        {isRunning && (
          <div className="upload-running">
            <span>{t(stage === 'check' ? 'import.checking' : 'import.committing')}</span>
            <Bar percent={Math.floor((found.size / all) * 100)} size="small" aria-label={t('import.done_rows', { done: found.size, all })} />
            <Button size="small" icon={<CloseOutlined aria-hidden />} onClick={cancel}>
              {t('action.cancel')}
            </Button>
          </div>
        )}
        {isOver && stage === 'commit' && !isWrong && (
          <Alert
            type="success"
            showIcon
            title={t(plan.isWhole ? 'import.sent' : 'import.finished')}
            description={plan.isWhole ? undefined : t('import.finished_counts', counts)}
          />
        )}
        {isOver && stage === 'commit' && isWrong && (
          <Alert type="warning" showIcon title={t('import.finished')} description={t('import.finished_counts', counts)} />
        )}
        {isOver && stage === 'check' && !isWrong && <Alert type="success" showIcon title={t('import.all_right', { n: all })} />}
        {whole.length > 0 && (
          <Alert type="error" showIcon title={t('import.reason')} description={<ul>{whole.map((one) => <li key={one}>{one}</li>)}</ul>} />
        )}
      </div>
      <dl className="facts import-counts gap-above">
        <div>
          <dt>{t('import.total')}</dt>
          <dd>{all}</dd>
        </div>
        {ends.map((one) => (
          <div key={one}>
            <dt>{say(family, one)}</dt>
            <dd data-outcome={one}>{counts[one]}</dd>
          </div>
        ))}
      </dl>
      <div className="action-bar gap-above">
        {!isRunning && found.size < all && (
          <Button type="primary" onClick={goOn}>
            {t('import.go_on')}
          </Button>
        )}
        {mayCommit && (
          <Button type="primary" onClick={commit}>
            {t(plan.isWhole ? 'import.commit_whole' : 'import.commit', { n: good })}
          </Button>
        )}
        {isOver && stage === 'check' && good === 0 && !isWrong && <span className="quiet">{t('import.nothing')}</span>}
        {counts.refused > 0 && !isRunning && (
          <Button icon={<DownloadOutlined aria-hidden />} onClick={() => void saveErrors()}>
            {t('import.errors')}
          </Button>
        )}
      </div>
      {counts.refused > 0 && !isRunning && <p className="quiet gap-above">{t('import.errors_hint')}</p>}
      <Preview plan={plan} work={work} family={family} />
    </>
  )
}

/** The first rows with what was found about each. */
function Preview({ plan, work, family }: { plan: Import; work: Work; family: string }) {
  const { t, language } = useSpeech()
  const { sheaf, found } = work
  const [isWrongOnly, setWrongOnly] = useState(false)
  const isWrong = ({ line }: Row) => found.get(line)?.outcome === 'refused'
  const rows = (isWrongOnly ? sheaf.rows.filter(isWrong) : sheaf.rows).slice(0, SHOWN)
  const list = useReachable<HTMLElement>(t('import.preview'), rows)
  const wrongFields = (row: Row) => (found.get(row.line)?.faults ?? []).map(({ field }) => field)
  const cells = plan.columns
    .filter(({ field }) => sheaf.places.get(field) !== -1)
    .map(({ field, title }: { field: string; title: Key }) => ({
      key: field,
      title: t(title),
      onCell: (row: Row) => ({ className: wrongFields(row).includes(field) ? 'import-wrong' : undefined }),
      render: (_: unknown, row: Row) => row.values[field] || '—',
    }))
  return (
    <section aria-label={t('import.preview')} ref={list} className="gap-above">
      <div className="panel-head">
        <h3>{t('import.preview_first', { n: rows.length })}</h3>
        <Checkbox checked={isWrongOnly} onChange={(event) => setWrongOnly(event.target.checked)}>
          {t('import.only_wrong')}
        </Checkbox>
      </div>
      <Table<Row>
        size="small"
        rowKey={({ line }) => line}
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'line', title: t('import.line'), className: 'number', render: (_: unknown, { line }: Row) => line },
          {
            key: 'outcome',
            title: t('import.outcome'),
            render: (_: unknown, { line }: Row) => {
              const verdict = found.get(line)
              if (!verdict) return <span className="quiet">{t('import.open')}</span>
              return <StatusTag family={family} state={verdict.outcome} tone={TONES[verdict.outcome]} />
            },
          },
          {
            key: 'reason',
            title: t('import.reason'),
            render: (_: unknown, { line }: Row) => <span className="import-reason">{reasons(found.get(line)?.faults ?? [], language)}</span>,
          },
          ...cells,
        ]}
      />
    </section>
  )
}
