// What a channel's own requests looked like.

import type { Words } from '../pair'

export const traffic = {
  'traffic.today': ['今日调用', 'Calls today'],
  'traffic.yesterday': ['昨日调用', 'Calls yesterday'],
  'traffic.last': ['最近调用', 'Last call'],
  'traffic.still_used': ['密钥“{key}”仍在使用（昨日 {yesterday} 次，今日 {today} 次），停用时间：{at}。', 'The key “{key}” is still used (yesterday {yesterday}, today {today}). Its end: {at}.'],
  'traffic.calls': ['接口调用', 'Calls'],
  'traffic.answered': ['成功', 'Answered'],
  'traffic.refused': ['被拒绝', 'Refused'],
  'traffic.failed': ['失败', 'Failed'],
  'traffic.success': ['成功率', 'Success'],
  'traffic.latency': ['响应时间', 'Latency'],
  'traffic.operations': ['各接口调用', 'Calls by operation'],
  'traffic.codes': ['主要错误码', 'Top error codes'],
  'traffic.note': ['近 30 日；p50、p95 略偏高。', 'The last 30 days; p50 and p95 are told from above.'],
} satisfies Words
