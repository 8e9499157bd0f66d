// Doing the same to many rows of a list: what is chosen, what can be done to it, and in one dialog what became of each row (C10).
// Only what the platform takes one by one is offered here; a review of somebody's first filing is never done to many.

import { App, Button, Form, type TableProps } from 'antd'
import { type ReactNode, useState } from 'react'
import { Refused } from '../api/client'
import { useSpeech } from '../i18n'
import type { Answer } from './action_bar'
import { said } from './attempt'
import { type Done, each, type Outcome } from './bulk'
import { Clause } from './clause'
import { Dialog } from './dialog'

export interface BulkAct<Row> {
  key: string
  label: string
  /** Why it is not done to a row; nothing when it is. */
  bars: (row: Row) => string | null
  /** Does it to one; what it returns is said beside the row. */
  act: (row: Row, answer: Answer) => Promise<Done>
  /** What is asked once for all of them, as form items. */
  fields?: (rows: Row[]) => ReactNode
  /** After the last one. */
  after: () => Promise<unknown>
}

export interface Bulk<Row> {
  /** What a row is called. */
  called: (row: Row) => string
  acts: BulkAct<Row>[]
}

interface Chosen<Row> {
  rowSelection: TableProps<Row>['rowSelection']
  bar: ReactNode
}

/** The boxes before the rows, and what stands above them once some are chosen; nothing where nothing is done to many. */
export function useBulk<Row extends object>(bulk: Bulk<Row> | undefined, rows: Row[], rowKey: (row: Row) => string): Chosen<Row> {
  const { t, about } = useSpeech()
  const [keys, setKeys] = useState<string[]>([])
  const [act, setAct] = useState<BulkAct<Row> | null>(null)
  if (!bulk || bulk.acts.length === 0) return { rowSelection: undefined, bar: null }
  const chosen = rows.filter((row) => keys.includes(rowKey(row)))
  /** Why a row cannot be chosen: nothing of all this can be done to it. */
  const barred = (row: Row) => {
    const reasons = bulk.acts.map((one) => one.bars(row))
    return reasons.includes(null) ? undefined : (reasons[0] ?? undefined)
  }
  const open = rows.filter((row) => barred(row) === undefined)
  const bar = (
    <div className="bulk" role="group" aria-label={t('bulk.label')}>
      <span aria-live="polite" className="quiet">
        {chosen.length > 0 ? t('bulk.chosen', { n: chosen.length }) : t('bulk.none')}
      </span>
      {chosen.length > 0 &&
        bulk.acts.map((one) => {
          const bars = chosen.map(one.bars)
          const isBarred = !bars.includes(null)
          return (
            <Button key={one.key} size="small" disabled={isBarred} title={isBarred ? (bars[0] ?? undefined) : undefined} onClick={() => setAct(one)}>
              {one.label}
            </Button>
          )
        })}
      {open.length > chosen.length && (
        <Button size="small" type="link" onClick={() => setKeys(open.map(rowKey))}>
          {t('bulk.all')}
        </Button>
      )}
      {chosen.length > 0 && (
        <Button size="small" type="link" onClick={() => setKeys([])}>
          {t('bulk.clear')}
        </Button>
      )}
      {act && (
        <BulkDialog
          act={act}
          rows={chosen}
          called={bulk.called}
          close={() => {
            setAct(null)
            setKeys([])
          }}
        />
      )}
    </div>
  )
  return {
    bar,
    rowSelection: {
      selectedRowKeys: keys,
      onChange: (now) => setKeys(now.map(String)),
      columnWidth: 56,
      // The table draws its heads a second time to measure them: a box there would be reached twice. All are chosen above.
      columnTitle: t('bulk.choose'),
      getCheckboxProps: (row) => {
        const why = barred(row)
        const label = about(t('bulk.choose'), bulk.called(row))
        return { disabled: why !== undefined, title: why, 'aria-label': why ? `${label} (${why})` : label } as object
      },
    },
  }
}

interface DialogProps<Row> {
  act: BulkAct<Row>
  rows: Row[]
  called: (row: Row) => string
  close: () => void
}

function BulkDialog<Row>({ act, rows, called, close }: DialogProps<Row>) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answer>()
  // What becomes of a row must not change what was chosen.
  const [fixed] = useState(() => rows.map((row) => ({ row, why: act.bars(row) })))
  const taken = fixed.filter((one) => one.why === null)
  const [outcomes, setOutcomes] = useState<Map<number, Outcome>>(new Map())
  const [stage, setStage] = useState<'asked' | 'running' | 'over'>('asked')
  const run = async (answer: Answer) => {
    setStage('running')
    let done = 0
    await each(
      taken.map((one) => one.row),
      (row) => act.act(row, answer),
      (place, outcome) => {
        done += outcome.state === 'done' ? 1 : 0
        setOutcomes((old) => new Map(old).set(place, outcome))
      },
    )
    setStage('over')
    await act.after()
    message.info(t('bulk.over', { done, all: taken.length }))
  }
  const isOver = stage === 'over'
  return (
    <Dialog
      open
      title={act.label}
      width={640}
      okText={isOver ? t('action.close') : t('bulk.do', { action: act.label, n: taken.length })}
      okButtonProps={isOver ? {} : { loading: stage === 'running', htmlType: 'submit', form: 'bulk', disabled: taken.length === 0 }}
      onOk={isOver ? close : undefined}
      cancelText={t('action.cancel')}
      cancelButtonProps={{ style: { display: stage === 'asked' ? undefined : 'none' } }}
      onCancel={close}
      closable={stage !== 'running'}
      maskClosable={false}
      keyboard={stage !== 'running'}
    >
      <Form form={form} id="bulk" layout="vertical" disabled={stage !== 'asked'} onFinish={(answer) => void run(answer)}>
        {act.fields?.(taken.map((one) => one.row))}
      </Form>
      <ul className="bulk-rows" aria-live="polite">
        {fixed.map(({ row, why }, place) => (
          <li key={place}>
            <span>{called(row)}</span>
            {why !== null ? <span className="quiet">{t('bulk.barred', { why })}</span> : <Told outcome={outcomes.get(taken.findIndex((one) => one.row === row))} isRunning={stage === 'running'} />}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

/** What became of a row. */
function Told({ outcome, isRunning }: { outcome: Outcome | undefined; isRunning: boolean }) {
  const { t } = useSpeech()
  if (!outcome) return <span className="quiet">{isRunning ? t('bulk.running') : ''}</span>
  if (outcome.state === 'done') return <span className="countdown-left tone-good">{outcome.note ?? t('bulk.done')}</span>
  const clause = outcome.error instanceof Refused ? outcome.error.problem.clause : null
  return (
    <span>
      <span className={`countdown-left tone-${outcome.state === 'partly' ? 'warn' : 'bad'}`}>{outcome.state === 'partly' ? outcome.note : t('bulk.refused')}</span> {said(outcome.error)} {clause && <Clause ids={clause} />}
    </span>
  )
}
