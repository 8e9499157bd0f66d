// A table that is shown whole in its panel, wider than which it scrolls by itself. What is long enough to be filtered and paged is a
// SearchTable.

import { Table, type TableProps } from 'antd'
import { useSpeech } from '../i18n'
import { useReachable } from './reachable'
import { Nothing } from './states'

interface Props<Row> extends TableProps<Row> {
  /** What stands there when there is nothing; a word for it by default. */
  empty?: string
  /** What it is called for whoever reaches it without a pointer; a word for any table by default. */
  label?: string
}

export function ShortTable<Row extends object>({ empty, label, ...table }: Props<Row>) {
  const { t } = useSpeech()
  const place = useReachable<HTMLDivElement>(label ?? t('table.scrolls'), table)
  return (
    <div ref={place}>
      <Table<Row> size="small" pagination={false} scroll={{ x: 'max-content' }} locale={{ emptyText: <Nothing text={empty} /> }} {...table} />
    </div>
  )
}
