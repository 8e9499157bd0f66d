// Colours, once: for the components by antd's tokens, for our own style sheet by custom properties of the same values.
// Every pair of text and ground here has a contrast of 4.5 or more.

import { theme, type ThemeConfig } from 'antd'

interface Palette {
  brand: string
  link: string
  ground: string
  raised: string
  sunken: string
  text: string
  quiet: string
  line: string
  good: string
  goodGround: string
  warn: string
  warnGround: string
  bad: string
  badGround: string
  note: string
  noteGround: string
  calmGround: string
}

const LIGHT: Palette = {
  brand: '#1557b0',
  link: '#1557b0',
  ground: '#f3f5f8',
  raised: '#ffffff',
  sunken: '#eaeef3',
  text: '#1b2733',
  quiet: '#566372',
  line: '#d9e0e8',
  good: '#17683a',
  goodGround: '#e3f4e9',
  warn: '#875200',
  warnGround: '#fdf1d8',
  bad: '#b3261e',
  badGround: '#fdeae8',
  note: '#1557b0',
  noteGround: '#e6effa',
  calmGround: '#eaeef3',
}

const DARK: Palette = {
  brand: '#2f6fd0',
  link: '#86b4f7',
  ground: '#10151b',
  raised: '#19202a',
  sunken: '#232d39',
  text: '#e6ebf1',
  quiet: '#a5b1bf',
  line: '#313d4b',
  good: '#7bd49b',
  goodGround: '#16311f',
  warn: '#f0bd66',
  warnGround: '#372a10',
  bad: '#ff9d94',
  badGround: '#401b19',
  note: '#86b4f7',
  noteGround: '#172a45',
  calmGround: '#232d39',
}

/** High contrast: text on ground has 7 and more, and every line can be seen. */
const LIGHT_HIGH: Palette = {
  ...LIGHT,
  brand: '#00337a',
  link: '#00337a',
  ground: '#ffffff',
  sunken: '#f0f2f5',
  text: '#000000',
  quiet: '#2b333b',
  line: '#5b6670',
  good: '#0a4021',
  warn: '#4f3000',
  bad: '#7a0c07',
  note: '#00337a',
  calmGround: '#f0f2f5',
}

const DARK_HIGH: Palette = {
  ...DARK,
  brand: '#1d56b0',
  link: '#b7d4ff',
  ground: '#000000',
  raised: '#000000',
  sunken: '#1a1f25',
  text: '#ffffff',
  quiet: '#dbe2ea',
  line: '#97a3b1',
  good: '#a4f0bf',
  warn: '#ffd894',
  bad: '#ffc3bd',
  note: '#b7d4ff',
  calmGround: '#1a1f25',
}

/** What decides the colours. */
export interface Look {
  isDark: boolean
  isHigh: boolean
}

/** On paper, whatever the screen looks like. */
export const PAPER: Look = { isDark: false, isHigh: false }

export const FONT =
  'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "HanaMinB", sans-serif'

export function palette({ isDark, isHigh }: Look): Palette {
  if (isHigh) return isDark ? DARK_HIGH : LIGHT_HIGH
  return isDark ? DARK : LIGHT
}

export function antdTheme(look: Look, textSize: number): ThemeConfig {
  const { isDark } = look
  const colours = palette(look)
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: colours.brand,
      colorPrimaryHover: isDark ? '#2a64bd' : '#0f4a99',
      colorPrimaryActive: isDark ? '#2559a8' : '#0c3f85',
      colorLink: colours.link,
      colorLinkHover: colours.link,
      colorLinkActive: colours.link,
      colorInfo: colours.note,
      colorSuccess: colours.good,
      colorWarning: colours.warn,
      colorError: colours.bad,
      colorInfoBg: colours.noteGround,
      colorSuccessBg: colours.goodGround,
      colorWarningBg: colours.warnGround,
      colorErrorBg: colours.badGround,
      colorBgLayout: colours.ground,
      colorBgContainer: colours.raised,
      colorBgElevated: colours.raised,
      colorText: colours.text,
      colorTextSecondary: colours.quiet,
      colorTextTertiary: colours.quiet,
      colorTextDescription: colours.quiet,
      colorTextPlaceholder: colours.quiet,
      colorBorder: isDark ? '#5f6f81' : '#8694a4',
      colorBorderSecondary: colours.line,
      colorSplit: colours.line,
      borderRadius: 6,
      fontFamily: FONT,
      fontSize: Math.round((14 * textSize) / 100),
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Table: { headerBg: colours.sunken, headerColor: colours.quiet, headerSplitColor: 'transparent' },
      Form: { labelColor: colours.text, verticalLabelPadding: '0 0 4px' },
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        defaultHoverColor: colours.link,
        defaultHoverBorderColor: colours.link,
        defaultActiveColor: colours.link,
        defaultActiveBorderColor: colours.link,
        ...(isDark ? { dangerColor: '#2a0d0b' } : {}),
      },
    },
  }
}

/** Hands the same colours to our style sheet. */
export function paint(look: Look & { isGrey: boolean }, textSize: number): void {
  const root = document.documentElement
  const { isDark } = look
  root.dataset.grey = String(look.isGrey)
  root.dataset.scheme = isDark ? 'dark' : 'light'
  root.style.colorScheme = isDark ? 'dark' : 'light'
  root.style.fontSize = `${(16 * textSize) / 100}px`
  for (const [name, value] of Object.entries(palette(look))) {
    const property = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    root.style.setProperty(`--${property}`, value)
  }
}
