// Where each province stands in the tile map. Tiles only: no boundary is drawn, so no map needs a review number.

/** What stands on a tile in English: the letters of GB/T 2260; of 兵团, which has none there, its English initials. */
export const LETTERS: Readonly<Record<string, string>> = {
  '110000': 'BJ', '120000': 'TJ', '130000': 'HE', '140000': 'SX', '150000': 'NM', '210000': 'LN', '220000': 'JL', '230000': 'HL',
  '310000': 'SH', '320000': 'JS', '330000': 'ZJ', '340000': 'AH', '350000': 'FJ', '360000': 'JX', '370000': 'SD', '410000': 'HA',
  '420000': 'HB', '430000': 'HN', '440000': 'GD', '450000': 'GX', '460000': 'HI', '500000': 'CQ', '510000': 'SC', '520000': 'GZ',
  '530000': 'YN', '540000': 'XZ', '610000': 'SN', '620000': 'GS', '630000': 'QH', '640000': 'NX', '650000': 'XJ', '660000': 'XPCC',
}

/** Division code, column and row. 660000 (兵团) and the special regions have tiles of their own. */
export const TILES: readonly (readonly [code: string, column: number, row: number])[] = [
  ['230000', 8, 0],
  ['150000', 5, 1], ['220000', 8, 1],
  ['650000', 0, 2], ['620000', 2, 2], ['640000', 3, 2], ['140000', 5, 2], ['130000', 6, 2], ['110000', 7, 2], ['210000', 8, 2],
  ['660000', 0, 3], ['630000', 2, 3], ['610000', 4, 3], ['410000', 5, 3], ['370000', 6, 3], ['120000', 7, 3],
  ['540000', 1, 4], ['510000', 3, 4], ['500000', 4, 4], ['420000', 5, 4], ['340000', 6, 4], ['320000', 7, 4], ['310000', 8, 4],
  ['530000', 3, 5], ['520000', 4, 5], ['430000', 5, 5], ['360000', 6, 5], ['330000', 7, 5],
  ['450000', 4, 6], ['440000', 5, 6], ['350000', 7, 6],
  ['460000', 4, 7],
]
