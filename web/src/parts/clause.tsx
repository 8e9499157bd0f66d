// The number of a clause at a field, a deadline or a refusal; pressed, it shows what the clause says.

import { Popover, Spin } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useSpeech } from '../i18n'
import { documentOf, idsIn } from './clauses'

const Words = lazy(() => import('./clause_view'))

/** One id or several. */
export function Clause({ ids }: { ids: string }) {
  return (
    <span className="clauses">
      {idsIn(ids).map((id) => (
        <One key={id} id={id} />
      ))}
    </span>
  )
}

function One({ id }: { id: string }) {
  const { t, name } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const document = documentOf(id)
  if (!document) return <span className="clause">{id}</span>
  // Nothing of it is loaded before it is shown.
  const content = (
    <div className="clause-words" role="dialog" aria-label={id}>
      <p className="quiet">{name('document', document)}</p>
      <Suspense fallback={<Spin size="small" />}>
        <Words id={id} />
      </Suspense>
    </div>
  )
  return (
    <Popover trigger="click" open={isOpen} onOpenChange={setOpen} content={content} destroyOnHidden>
      <button
        type="button"
        className="clause"
        aria-expanded={isOpen}
        title={t('clause.show', { id })}
        onClick={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && isOpen) {
            event.stopPropagation()
            setOpen(false)
          }
        }}
      >
        {id}
      </button>
    </Popover>
  )
}
