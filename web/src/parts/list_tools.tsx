// The tools of a list: views that were saved, its columns, how dense it is.

import { DeleteOutlined, SettingOutlined, StarOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input, Popover, Radio } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { useSession } from '../app/session'
import { useSpeech } from '../i18n'
import { Dialog } from './dialog'
import { applied, DENSITIES, keyOf, MOST_VIEWS, queryOf, read, type Settings, withView } from './list_settings'

/** How whoever is signed in wants this list, and a way to change that. */
export function useListSettings(list: string): [Settings, (change: Partial<Settings>) => void] {
  const key = keyOf(useSession().staff.staff_id, list)
  const [settings, setSettings] = useState(() => read(localStorage.getItem(key)))
  const change = (to: Partial<Settings>) => {
    const next = { ...settings, ...to }
    setSettings(next)
    localStorage.setItem(key, JSON.stringify(next))
  }
  return [settings, change]
}

interface Props {
  settings: Settings
  change: (to: Partial<Settings>) => void
  /** Of the filters, in the address. */
  filters: string[]
  columns: { key: string; title: string }[]
  /** The filters are others now. */
  moved: () => void
}

export function ListTools({ settings, change, filters, columns, moved }: Props) {
  return (
    <>
      {filters.length > 0 && <Views settings={settings} change={change} filters={filters} moved={moved} />}
      <Look settings={settings} change={change} columns={columns} />
    </>
  )
}

function Views({ settings: { views }, change, filters, moved }: Omit<Props, 'columns'>) {
  const { t } = useSpeech()
  const [params, setParams] = useSearchParams()
  const [isOpen, setOpen] = useState(false)
  const [isNaming, setNaming] = useState(false)
  const query = queryOf(params, filters)
  const current = views.find((view) => view.query === query)
  const take = (chosen: string) => {
    setOpen(false)
    moved()
    setParams(applied(params, filters, chosen))
  }
  const content = (
    <div className="list-views" role="dialog" aria-label={t('views.title')}>
      {views.length === 0 && <p className="quiet">{t('views.none')}</p>}
      <ul>
        {views.map((view) => (
          <li key={view.name}>
            <Button type={view === current ? 'primary' : 'text'} onClick={() => take(view.query)}>
              {view.name}
            </Button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t('views.remove', { name: view.name })}
              onClick={() => change({ views: views.filter((one) => one !== view) })}
            />
          </li>
        ))}
      </ul>
      <Button
        disabled={query === '' || views.length >= MOST_VIEWS}
        onClick={() => {
          setOpen(false)
          setNaming(true)
        }}
      >
        {t('views.save')}
      </Button>
      <p className="quiet">{t('views.hint')}</p>
    </div>
  )
  return (
    <>
      <Popover trigger="click" placement="bottomRight" open={isOpen} onOpenChange={setOpen} content={content}>
        <Button icon={<StarOutlined aria-hidden />} aria-expanded={isOpen}>
          {current?.name ?? t('views.title')}
        </Button>
      </Popover>
      {isNaming && (
        <Naming
          close={() => setNaming(false)}
          save={(name) => {
            change({ views: withView(views, { name, query }) })
            setNaming(false)
          }}
        />
      )}
    </>
  )
}

function Naming({ save, close }: { save: (name: string) => void; close: () => void }) {
  const { t } = useSpeech()
  return (
    <Dialog open title={t('views.save')} okText={t('action.save')} okButtonProps={{ htmlType: 'submit', form: 'view' }} cancelText={t('action.cancel')} onCancel={close}>
      <Form<{ name: string }> id="view" layout="vertical" onFinish={({ name }) => save(name.trim())}>
        <Form.Item name="name" label={t('views.name')} rules={[{ required: true, whitespace: true, message: t('field.required') }]}>
          <Input maxLength={30} autoFocus />
        </Form.Item>
      </Form>
    </Dialog>
  )
}

function Look({ settings: { hidden, density }, change, columns }: Pick<Props, 'settings' | 'change' | 'columns'>) {
  const { t, name } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  const [, ...others] = columns
  const shown = others.filter(({ key }) => !hidden.includes(key)).map(({ key }) => key)
  const content = (
    <div className="list-look" role="dialog" aria-label={t('look.title')}>
      <fieldset>
        <legend>{t('look.columns')}</legend>
        <Checkbox.Group
          className="list-columns"
          value={shown}
          options={others.map(({ key, title }) => ({ value: key, label: title }))}
          onChange={(chosen) => change({ hidden: others.filter(({ key }) => !chosen.includes(key)).map(({ key }) => key) })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('look.density')}</legend>
        <Radio.Group
          value={density}
          options={DENSITIES.map((value) => ({ value, label: name('density', value) }))}
          onChange={({ target }) => change({ density: target.value as Settings['density'] })}
        />
      </fieldset>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" open={isOpen} onOpenChange={setOpen} content={content}>
      <Button icon={<SettingOutlined aria-hidden />} aria-expanded={isOpen} aria-label={t('look.title')} title={t('look.title')} />
    </Popover>
  )
}
