import { UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useSpeech } from '../../i18n'

/** Where a file will be put once there is a matter to put it to. */
export function Later({ id }: { id?: string }) {
  const { t } = useSpeech()
  return (
    <Button id={id} icon={<UploadOutlined aria-hidden />} disabled>
      {t('upload.choose')}
    </Button>
  )
}
