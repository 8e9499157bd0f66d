// Whom to call about a channel.

import type { Words } from '../pair'

export const contact = {
  'contact.title': ['渠道联系人', 'Contact of the channel'],
  'contact.none': ['尚未登记联系人。所属单位可办理“变更联系人”。', 'Nobody is named. The owner names somebody with “Change the contact”.'],
  'contact.since': ['起始', 'Since'],
  'contact.until': ['截止', 'Until'],
  'contact.before': ['历任联系人', 'Contacts before'],
  'contact.no_relay': ['本平台未配置发信服务，邮箱无法验证，保持未验证状态。', 'This platform sends no e-mail, so the address stands unverified.'],
  'contact.verify_hint': ['将向联系人邮箱发送6位验证码，由联系人告知后填写', 'Six digits are mailed to the contact, who tells them to you'],
  'contact.code_sent': ['验证码已发送至 {email}，请向联系人索取。', 'The code was mailed to {email}: ask the contact for it.'],
  'contact_mail.verified': ['已验证', 'Verified'],
  'contact_mail.unverified': ['未验证', 'Not verified'],
  'contact_occasion.test': ['测试入网申请', 'Test filing'],
  'contact_occasion.formal': ['正式入网申请', 'Formal filing'],
  'contact_occasion.change': ['变更申请', 'Change'],
  'contact_occasion.notice': ['联系人变更', 'Notice of the contact'],
} satisfies Words
