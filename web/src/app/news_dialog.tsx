// Tells what is new, once after an upgrade or when it is asked for.

import { useEffect, useState } from 'react'
import { useSpeech } from '../i18n'
import { Dialog } from '../parts/dialog'
import { noteSeen, RELEASES, type Release, seenUntil, unseen } from './news'
import { lastActive } from './presence'

/** Somebody has used the pages in this browser before they were loaded now. */
const WAS_HERE = lastActive() > 0

let show: () => void = () => undefined

export const openNews = (): void => show()

export function News() {
  const { t } = useSpeech()
  const [told, setTold] = useState<Release[]>(() => unseen(seenUntil(), WAS_HERE))
  useEffect(() => {
    noteSeen()
    show = () => setTold(RELEASES)
    return () => {
      show = () => undefined
    }
  }, [])
  const close = () => setTold([])
  return (
    <Dialog open={told.length > 0} title={t('news.title')} okText={t('news.read')} onOk={close} onCancel={close} footer={(_, { OkBtn }) => <OkBtn />}>
      {told.toReversed().map(({ id, items }) => (
        <section key={id}>
          <h3>{id}</h3>
          <ul className="news">
            {items.map((item) => (
              <li key={item}>{t(item)}</li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  )
}
