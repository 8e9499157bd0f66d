// A file of a matter in one line: its name to open or to save it, its size, its digest, when it came.

import { CopyOutlined, DeleteOutlined, FileOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useSpeech } from '../i18n'
import { useCopy } from './copy'
import { momentText } from './moment'
import { type Attachment, contentOf } from './sending'
import { bytesText } from './upload'

interface Props {
  file: Attachment
  /** Shown before the file, where files of several purposes stand together. */
  label?: string
  /** Gives up a file that has not arrived whole. */
  giveUp?: () => void
}

export function FileLine({ file, label, giveUp }: Props) {
  const { t } = useSpeech()
  const copy = useCopy()
  const isWhole = file.state === 'complete'
  return (
    <div className="file">
      <FileOutlined aria-hidden className="quiet" />
      <div className="file-about">
        {label && <span className="file-purpose">{label}</span>}
        {isWhole ? (
          <a href={contentOf(file)} target="_blank" rel="noreferrer">
            {file.file_name}
          </a>
        ) : (
          <span>{file.file_name}</span>
        )}
        <span className="quiet">
          {bytesText(file.size)} · {momentText(file.completed_at ?? file.created_at)}
          {isWhole && (
            <>
              {' · '}
              <code title={`SM3 ${file.sm3}`}>SM3 {file.sm3.slice(0, 12)}…</code>
              <Button
                type="text"
                size="small"
                icon={<CopyOutlined aria-hidden />}
                aria-label={t('upload.copy_sm3', { name: file.file_name })}
                onClick={() => void copy(file.sm3)}
              />
            </>
          )}
        </span>
        {!isWhole && (
          <span className="upload-wrong">
            {t('upload.partial', { n: Math.floor((file.received / file.size) * 100) })}
          </span>
        )}
      </div>
      {!isWhole && giveUp && (
        <Button
          size="small"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t('upload.give_up', { name: file.file_name })}
          onClick={giveUp}
        />
      )}
    </div>
  )
}
