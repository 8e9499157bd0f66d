// The files of a matter: everything that was sent to it, and a place for more while somebody acts on it.

import { useSpeech } from '../../i18n'
import { FileLine } from '../../parts/file_line'
import { Panel } from '../../parts/page'
import { giveUp } from '../../parts/sending'
import { Failure } from '../../parts/states'
import { Upload, useAttachments } from '../../parts/upload'
import { useServiceOf } from '../service/services'
import { isFilledForm } from '../service_form/purpose'
import { isScrubbed, type Matter } from './wire'

/** What a matter's file was sent for when nothing asked for it by name. */
const MATERIAL = 'material'


export function Files({ matter }: { matter: Matter }) {
  const { t, name } = useSpeech()
  const service = useServiceOf()
  const called = (purpose: string) => (isFilledForm(purpose) ? `${t('service_form.form')} · ${service(purpose)}` : name('purpose', purpose))
  const { data, error, refetch } = useAttachments(matter.matter_id)
  const acts = matter.actions.length > 0
  const shown = (data?.data ?? []).filter((one) => !acts || one.purpose !== MATERIAL)
  return (
    <Panel title={t('upload.files')}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <div className="files">
        {data && data.data.length === 0 && <p className="quiet">{t('upload.none')}</p>}
        {shown.map((one) => (
          <FileLine
            key={one.attachment_id}
            file={one}
            label={one.purpose.startsWith('adv_') ? t('advice.file') : called(one.purpose)}
            giveUp={acts ? () => void giveUp(one.attachment_id).finally(() => void refetch()) : undefined}
          />
        ))}
        {acts && (
          <div className="group">
            <h3>{t('upload.material')}</h3>
            <Upload matter_id={matter.matter_id} purpose={MATERIAL} takes="any" isScrubbed={isScrubbed(matter)} />
          </div>
        )}
      </div>
    </Panel>
  )
}
