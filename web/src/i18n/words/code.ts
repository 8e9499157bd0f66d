// What codes are codes of.

import type { Words } from '../pair'

export const code = {
  'nav.codes': ['代码表', 'Codes'],
  'code.lead': ['接口、导出文件和页面共用的代码。', 'The codes that interfaces, exported files and pages share.'],
  'code.search': ['查找', 'Look up'],
  'code.sought': ['代码或名称', 'Code or name'],
  'code.found': ['{n} 个代码', '{n} codes'],
  'code.none': ['没有符合的代码。', 'No code fits.'],
  'code.code': ['代码', 'Code'],
  'code.name': ['名称', 'Name'],
  'code.by': ['{title}（{clause}）', '{title} ({clause})'],
  'code.elsewhere': ['其他', 'Elsewhere'],
  'code.states': ['各类事项的状态和流转', 'States of matters, and what leads from one to another'],
  'code.errors': ['错误代码', 'Codes of errors'],
  'code.of.class': ['渠道类别', 'Classes of channels'],
  'code.of.form': ['渠道形态', 'Forms of channels'],
  'code.of.mode': ['接入方式', 'Access modes'],
  'code.of.step': ['录屏环节', 'Steps of recordings'],
  'code.of.system': ['操作系统', 'Operating systems'],
  'code.of.family': ['服务类别', 'Families of services'],
  'code.of.grade_means': ['风险事件级别', 'Grades of risk events'],
  'code.of.report_item': ['安全检测报告核对项', 'Items of a security report'],
  'code.of.party': ['办理方', 'Parties of matters'],
  'code.of.org_kind': ['机构类型', 'Kinds of organisations'],
  'code.of.registration': ['注册申请状态', 'States of registrations'],
  'code.of.key_state': ['密钥状态', 'States of keys'],
  'code.of.message_category': ['消息类别', 'Categories of messages'],
  'code.of.event': ['推送事件', 'Events of webhooks'],
} satisfies Words
