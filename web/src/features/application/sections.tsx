// The sections of 附表1, 附表2 and the statement on a level-2 channel. Names of items are the platform's own pointers, so
// what it says about a field is shown at that field. Combinations that the rules exclude are not offered.

import { DeleteOutlined, KeyOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Form, Input, Radio, Select, Tag } from 'antd'
import { useRef } from 'react'
import { useSpeech } from '../../i18n'
import { DivisionSelect, useChannels } from '../../parts/choose'
import { Clause } from '../../parts/clause'
import type { Remark } from '../../parts/form_dialog'
import { Panel } from '../../parts/page'
import { Upload } from '../../parts/upload'
import { UsccItem } from '../org/uscc_item'
import { useServices } from '../service/services'
import { type Class, modesOf } from './conditions'
import { Later } from './later'
import { ServiceForms } from './service_forms'

const ONE = ['forms', 'one']
const CHANNEL = ['forms', 'channel']
const TWO = ['forms', 'two']
const LEVEL_TWO = ['forms', 'level_two']

/** Words with a help line that names the clause. */
function useItem() {
  const { t, name } = useSpeech()
  return (base: string[], field: string, clause: string) => ({
    name: [...base, field],
    label: (
      <span>
        {name('application', `${base.at(-1)}.${field}`)} <Clause ids={clause} />
      </span>
    ),
    required: t('field.required'),
  })
}

interface TextProps {
  base: string[]
  field: string
  clause: string
  rows?: number
  isNumber?: boolean
  isDay?: boolean
  most?: number
}

function Text({ base, field, clause, rows, isNumber, isDay, most = 200 }: TextProps) {
  const item = useItem()(base, field, clause)
  const digits = (text: string) => text.replaceAll(/[\s,，]/g, '')
  return (
    <Form.Item name={item.name} label={item.label} normalize={isNumber ? digits : undefined}>
      {rows ? (
        <Input.TextArea rows={rows} maxLength={2000} showCount />
      ) : isDay ? (
        <Input type="date" max="9999-12-31" />
      ) : (
        <Input maxLength={isNumber ? 12 : most} inputMode={isNumber ? 'numeric' : undefined} />
      )}
    </Form.Item>
  )
}

function Choice({ base, field, clause, words, isRadio }: { base: string[]; field: string; clause: string; words: string[]; isRadio?: boolean }) {
  const { name } = useSpeech()
  const item = useItem()(base, field, clause)
  const options = words.map((value) => ({ value, label: name(`word.${field}`, value) }))
  return (
    <Form.Item name={item.name} label={item.label}>
      {isRadio ? <Radio.Group options={options} /> : <Select options={options} />}
    </Form.Item>
  )
}

/** 附表1, head: who applies. Of a change what the owner is, where it is known, stays as it was. */
export function Owner({ isKnown = false }: { isKnown?: boolean }) {
  const { t } = useSpeech()
  return (
    <Panel title={t('application.section_owner')}>
      <div className="form-grid">
        {!isKnown && <Choice base={ONE} field="unit" clause="CH-3" words={['hrss', 'government', 'bank', 'hospital', 'pharmacy', 'company']} />}
        {!isKnown && <Choice base={ONE} field="innovation" clause="CH-3.3" words={['signed', 'unsigned']} isRadio />}
        <Text base={ONE} field="owner_name" clause="CH-F1.2" />
        <UsccItem name={[...ONE, 'uscc']} />
        <Text base={[...ONE, 'contact']} field="name" clause="CH-F1.4" />
        <Text base={[...ONE, 'contact']} field="phone" clause="CH-F1.4" most={11} />
        <Text base={[...ONE, 'contact']} field="email" clause="CH-F1.4" most={254} />
        <Text base={ONE} field="filled_on" clause="CH-F1.1" isDay />
      </div>
    </Panel>
  )
}

interface ChannelProps {
  matter_id?: string
  /** Of a change: what the channel has already. */
  had?: string[]
  isLevelTwo: boolean
  /** What a reviewer found wrong, by pointer. */
  remarks?: Remark[]
}

/** 附表1, a row of its table: the channel. Of a change what the channel is stays as it was. */
export function Channel({ matter_id, had, isLevelTwo, remarks }: ChannelProps) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const shape = Form.useWatch<string | undefined>([...CHANNEL, 'form'], form)
  const areas = Form.useWatch<({ division?: string } | undefined)[] | undefined>([...CHANNEL, 'regions'], form)
  const item = useItem()(CHANNEL, 'access_mode', 'CH-8.3')
  const formLabel = useItem()(CHANNEL, 'form', 'CH-F1.8').label
  const modes = modesOf(shape)
  const isNationwide = areas?.some((area) => area?.division === '000000')
  // A form that has only one way of access has it chosen.
  const follow = (chosen: string) => {
    const mode: unknown = form.getFieldValue([...CHANNEL, 'access_mode'])
    if (!modesOf(chosen).includes(mode as 'h5')) form.setFieldValue([...CHANNEL, 'access_mode'], 'h5')
  }
  const shapes = ['app', 'official_account', 'life_account', 'mini_program', 'other']
  return (
    <Panel title={t('application.section_channel')}>
      <div className="form-grid">
        {!had && (
          <>
            <Text base={CHANNEL} field="name" clause="CH-F1.7" most={100} />
            <Form.Item name={[...CHANNEL, 'form']} label={formLabel}>
              <Select options={shapes.map((value) => ({ value, label: name('form', value) }))} onChange={follow} />
            </Form.Item>
            {shape === 'other' && <Text base={CHANNEL} field="form_name" clause="CH-2.2" most={50} />}
            <Form.Item name={item.name} label={item.label} extra={shape && modes.length === 1 ? t('application.h5_only') : undefined}>
              <Radio.Group options={modes.map((value) => ({ value, label: name('mode', value) }))} />
            </Form.Item>
          </>
        )}
        <Text base={CHANNEL} field="users" clause="CH-7.4" isNumber />
      </div>
      <Text base={CHANNEL} field="business" clause="CH-7.2" rows={3} />
      <Regions />
      {isNationwide && <Text base={CHANNEL} field="nationwide" clause="CH-8.1c" rows={2} />}
      <Services />
      <ServiceForms matter_id={matter_id} had={had} isLevelTwo={isLevelTwo} remarks={remarks} />
    </Panel>
  )
}

/** Where the channel wants to serve, and what it is there already. */
function Regions() {
  const { t } = useSpeech()
  return (
    <fieldset className="gap-below">
      <legend>
        {t('application.regions')} <Clause ids="CH-F1.11" />
      </legend>
      <Form.List name={[...CHANNEL, 'regions']}>
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map(({ key, name: place }) => (
              <div key={key} className="form-row">
                <Form.Item name={[place, 'division']} label={t('org.division')}>
                  <DivisionSelect />
                </Form.Item>
                <Form.Item name={[place, 'running_since']} label={t('application.running_since')}>
                  <Input type="date" max="9999-12-31" />
                </Form.Item>
                <Form.Item name={[place, 'users']} label={t('application.region_users')}>
                  <Input inputMode="numeric" maxLength={12} />
                </Form.Item>
                <Button
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('application.remove_region', { n: place + 1 })}
                  onClick={() => remove(place)}
                />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
              {t('application.add_region')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

/** What it wants to offer: the standard service is given to a general channel, the rest is chosen. */
function Services() {
  const { t, language } = useSpeech()
  const breadth = Form.useWatch<string | undefined>([...CHANNEL, 'breadth'])
  const catalogue = useServices().data?.data ?? []
  const named = catalogue.map((one) => ({ ...one, label: language === 'en' ? one.name_en : one.name }))
  const isGeneral = breadth !== 'specialised'
  const given = named.filter((one) => (isGeneral ? one.standard : one.family === 'issuance'))
  const rest = named.filter((one) => !given.includes(one))
  return (
    <>
      <Choice base={CHANNEL} field="breadth" clause="CH-8.2" words={['general', 'specialised']} isRadio />
      <p className="gap-below">
        <span className="quiet">{t(isGeneral ? 'application.standard_given' : 'application.issuance_given')}</span>{' '}
        <span className="chips">
          {given.map((one) => (
            <Tag key={one.code} className="tone-note" variant="filled">
              {one.label}
            </Tag>
          ))}
        </span>
      </p>
      <Form.Item
        name={[...CHANNEL, 'services']}
        label={t(isGeneral ? 'application.personalised' : 'application.wanted')}
        extra={t('application.services_hint')}
      >
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          options={rest.map((one) => ({ value: one.code, label: one.label }))}
        />
      </Form.Item>
    </>
  )
}

interface FilesProps {
  matter_id?: string
  found: Class | null
  innovation?: string
}

/** What bears a seal. */
const SCANNED = ['form_one_sealed', 'form_two_sealed', 'licence', 'innovation_agreement']

/** What comes with the forms, each in its place (CH-F1.13, CH-F2). */
export function Files({ matter_id, found, innovation }: FilesProps) {
  const { t, name } = useSpeech()
  const wanted: [purpose: string, clause: string][] = [
    ['form_one_sealed', 'CH-F1.2'],
    ['test_collection', 'CH-F1.13'],
  ]
  if (found === 'social') wanted.push(['form_two_sealed', 'CH-9.1b'], ['licence', 'CH-F2.1'], ['entry_sketch', 'CH-F2.8'])
  if (innovation === 'signed') wanted.push(['innovation_agreement', 'CH-3.3'])
  return (
    <Panel title={t('upload.files')}>
      {!matter_id && <p className="quiet gap-below">{t('upload.after_draft')}</p>}
      <div className="slots">
        {wanted.map(([purpose, clause]) => (
          <Form.Item
            key={purpose}
            name={['files', purpose]}
            label={
              <span>
                {name('purpose', purpose)} <Clause ids={clause} />
              </span>
            }
          >
            {matter_id ? <Upload matter_id={matter_id} purpose={purpose} takes={SCANNED.includes(purpose) ? 'scan' : 'document'} /> : <Later />}
          </Form.Item>
        ))}
      </div>
    </Panel>
  )
}

/** Public keys of the channel; the secret halves stay with it. */
export function Keys({ base, title }: { base: (string | number)[]; title: string }) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  return (
    <Panel title={title}>
      <p className="quiet gap-below">{t('key.public_hint')}</p>
      <Form.List name={base}>
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map(({ key, name: place }) => (
              <div key={key} className="form-row keys">
                <Form.Item name={[place, 'usage']} label={t('key.usage')}>
                  <Select options={['caller', 'encrypt'].map((value) => ({ value, label: name('word.usage', value) }))} />
                </Form.Item>
                <Form.Item
                  name={[place, 'public_key']}
                  label={t('key.public')}
                  normalize={(text: string) => text.replaceAll(/\s/g, '').toLowerCase()}
                  rules={[{ pattern: /^04[0-9a-f]{128}$/, message: t('application.key_shape') }]}
                >
                  <Input maxLength={140} spellCheck={false} />
                </Form.Item>
                <Button
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('application.remove_key', { n: place + 1 })}
                  onClick={() => remove(place)}
                />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <div className="action-bar">
              <KeyFile
                purpose={base.join('-')}
                read={(public_key) => {
                  const usages = (form.getFieldValue(base) as { usage?: string }[] | undefined) ?? []
                  add({ usage: usages.some((key) => key?.usage === 'caller') ? 'encrypt' : 'caller', public_key })
                }}
              />
              <Button type="text" icon={<PlusOutlined aria-hidden />} onClick={() => add({ usage: 'caller' })}>
                {t('key.add')}
              </Button>
            </div>
          </>
        )}
      </Form.List>
    </Panel>
  )
}

/** Reads a public key from the file that `ykt key generate` has written. */
function KeyFile({ purpose, read }: { purpose: string; read: (public_key: string) => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const picker = useRef<HTMLInputElement>(null)
  const take = async (file: File) => {
    const text = file.size < 1000 ? (await file.text()).trim().toLowerCase() : ''
    if (/^04[0-9a-f]{128}$/.test(text)) read(text)
    else message.error(t('upload.not_pub', { name: file.name }))
  }
  return (
    <>
      <Button icon={<KeyOutlined aria-hidden />} onClick={() => picker.current?.click()}>
        {t('upload.read_pub')}
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".pub"
        data-purpose={purpose}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void take(file)
        }}
      />
    </>
  )
}

/** 附表2, for a channel of class 社会. */
export function Social() {
  const { t } = useSpeech()
  return (
    <Panel title={t('application.section_social')} extra={<Clause ids="CH-9.1b" />}>
      <div className="form-grid">
        <Text base={TWO} field="registered_address" clause="CH-F2.2" />
        <Text base={TWO} field="registered_on" clause="CH-F2.3" isDay />
        <Text base={TWO} field="registered_users" clause="CH-F2.6" isNumber />
        <Text base={TWO} field="monthly_active" clause="CH-F2.6" isNumber />
        <Text base={TWO} field="download" clause="CH-F2.5" />
        <Text base={TWO} field="coverage" clause="CH-F2.7" />
        <Text base={TWO} field="user_groups" clause="CH-F2.6" />
      </div>
      <Text base={TWO} field="standing" clause="CH-F2.4" rows={2} />
      <Text base={TWO} field="introduction" clause="CH-F2.5" rows={2} />
      <Text base={TWO} field="fit" clause="CH-F2.8" rows={2} />
      <Text base={TWO} field="expansion" clause="CH-F2.9" rows={2} />
      <fieldset>
        <legend>
          {t('application.commitment')} <Clause ids="CH-F2.10" />
        </legend>
        <p className="quiet gap-below">{t('application.commitment_hint')}</p>
        <div className="form-grid">
          <Text base={TWO} field="committed_issuance" clause="CH-F2.10" isNumber />
          <Text base={TWO} field="committed_usage" clause="CH-F2.10" isNumber />
          <Text base={TWO} field="committed_monthly_active" clause="CH-F2.10" isNumber />
        </div>
      </fieldset>
    </Panel>
  )
}

/** The level-1 channel of a level-2 channel, if the owner has one. */
export function ParentChoice({ choose }: { choose: (parent: { id: string; name: string; number: string } | null) => void }) {
  const { t } = useSpeech()
  const own = useChannels().filter((one) => one.level === 1 && one.state !== 'terminated')
  if (own.length === 0) return null
  const chosen = (id: string | undefined) => {
    const found = own.find((one) => one.channel_id === id)
    choose(found ? { id: found.channel_id, name: found.name, number: found.number } : null)
  }
  return (
    <Panel title={t('application.section_level')}>
      <Form.Item name="parent_id" label={t('application.parent')} extra={t('application.parent_hint')}>
        <Select allowClear onChange={chosen} options={own.map((one) => ({ value: one.channel_id, label: `${one.name} ${one.number}` }))} />
      </Form.Item>
    </Panel>
  )
}

/** 二级渠道情况补充说明, under the level-1 channel that was chosen. Of a change a relation that is known stays as it was. */
export function LevelTwo({ parent, isKnown }: { parent: string; isKnown: boolean }) {
  const { t, name } = useSpeech()
  const form = Form.useFormInstance()
  const reuses = ['accounts', 'authentication', 'risk_control', 'customer_service', 'other']
  const relation = Form.useWatch<string | undefined>([...LEVEL_TWO, 'relation'], { form, preserve: true })
  const sources = relation === 'different_entity' ? ['own'] : ['own', 'level_one']
  return (
    <Panel title={t('application.section_level_two')} extra={<Clause ids="CH-F1.14" />}>
      <p className="gap-below">
        <span className="quiet">{t('application.parent')}</span> <strong>{parent}</strong>
      </p>
      <div className="form-grid">
        {!isKnown && <Choice base={LEVEL_TWO} field="relation" clause="CH-10" words={['same_entity', 'different_entity']} isRadio />}
        <Choice base={LEVEL_TWO} field="source" clause="CH-12.2" words={sources} isRadio />
        {relation !== 'different_entity' && <Text base={LEVEL_TWO} field="brand" clause="CH-10.1" />}
        {relation !== 'different_entity' && <Text base={LEVEL_TWO} field="product" clause="CH-10.1" />}
        <Form.Item name={[...LEVEL_TWO, 'reuses']} label={useItem()(LEVEL_TWO, 'reuses', 'CH-11.1a').label}>
          <Select mode="multiple" options={reuses.map((value) => ({ value, label: name('word.reuses', value) }))} />
        </Form.Item>
        <Choice base={LEVEL_TWO} field="liveness" clause="CH-11.1b" words={['level_one', 'ecard_sdk', 'ecard_h5']} />
        <Text base={LEVEL_TWO} field="served" clause="CH-F1.14" isNumber />
      </div>
      {['basics', 'management', 'capabilities', 'business'].map((field) => (
        <Text key={field} base={LEVEL_TWO} field={field} clause="CH-F1.14" rows={2} />
      ))}
    </Panel>
  )
}
