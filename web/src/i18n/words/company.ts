// What a company is by the register of companies, and how long its applications take.

import type { Words } from '../pair'

export const company = {
  'company.title': ['单位登记信息', 'Company register'],
  'company.legal_representative': ['法定代表人', 'Legal representative'],
  'company.registered_on': ['成立日期', 'Registered on'],
  'company.full_years': ['已满{n}年', '{n} full year(s)'],
  'company.old_enough': ['满足社会渠道要求', 'Old enough for a social channel'],
  'company.from': ['{day}起', 'from {day} on'],
  'company.unstated': ['未登记', 'Not stated'],
  'company.ask': ['本单位尚未登记法定代表人和成立日期，请补充。', 'Your unit has not stated its legal representative and when it was registered: whoever reviews will look for it.'],
  'company.change': ['填写', 'Fill in'],
  'company.differs': ['附表2的注册时间（{said}）与成立日期（{stated}）不一致。', 'Form 2 says {said}, and the unit has stated {stated}: compare them.'],
  'duration.title': ['审批用时（按环节）', 'Approval times by step'],
  'duration.usual': ['此环节通常：半数不超过{median}天，九成不超过{ninety}天（自然日，{n}件）', 'This step usually takes at most {median} days in half of the cases and {ninety} days in nine of ten ({n} recent ones, calendar days)'],
  'duration.ninety': ['九成不超过', 'Nine of ten'],
  'duration.cases': ['件数', 'Cases'],
  'duration.step': ['环节', 'Step'],
  'duration.period': ['统计期间', 'Period'],
  'duration.months': ['近{n}个月', '{n} months'],
  'duration.note': ['{from}至{until}办结的环节，自然日；撤回的不计，不足{n}件的不显示。', 'Applications that left the step from {from} to {until}, in calendar days; those taken back are left out, and nothing is shown of fewer than {n}.'],
} satisfies Words
