// The registers: organisations, accounts, services, channels, terminals, statistics, audit.

import type { Words } from '../pair'

export const registers = {
  'division.nation': ['全国', 'Nationwide'],
  'nav.work': ['工作', 'Work'],
  'nav.registers': ['台账', 'Registers'],
  'nav.oversight': ['监督', 'Oversight'],
  'nav.overview': ['工作台', 'Overview'],
} satisfies Words
