import { useSignIn } from '../app/session'
import { useSpeech } from '../i18n'
import { ago, momentText } from './moment'

/** A moment, and how long ago it is where that says more than the day. */
export function When({ at, className = '' }: { at: string; className?: string }) {
  const { language } = useSpeech()
  const { now } = useSignIn()
  const long = ago(at, now(), language)
  return (
    <time dateTime={at} className={`nowrap ${className}`.trim()}>
      {momentText(at)}
      {long && <span className="quiet"> · {long}</span>}
    </time>
  )
}
