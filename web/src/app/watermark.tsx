// Who looks at this page and when, faintly over all of it, on screen and on paper: a picture of it says whose it is. It is
// nothing to whoever hears the page, nothing to a pointer, and no text of the page: the words are made by the style sheet.

import { useEffect, useState } from 'react'
import { momentText } from '../parts/moment'
import { useSession } from './session'

/** How often the minute is looked at. */
const LOOK_MS = 15_000
/** As many as fill a large window; what is too much is cut off. */
const MARKS = Array.from({ length: 400 }, (_, place) => place)

export function Watermark() {
  const { staff } = useSession()
  const [at, setAt] = useState(() => momentText(new Date().toISOString()))
  useEffect(() => {
    const timer = setInterval(() => setAt(momentText(new Date().toISOString())), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="watermark" aria-hidden="true" data-testid="watermark">
      <div>
        {MARKS.map((place) => (
          <span key={place} data-words={`${staff.login} ${at}`} />
        ))}
      </div>
    </div>
  )
}
