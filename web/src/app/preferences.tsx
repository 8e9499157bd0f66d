// What a person chose for this browser: language, colours, size of text, how numbers are written. Kept in local storage; no
// personal data ever is.

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'

export type Language = 'zh-CN' | 'en'
export type Scheme = 'light' | 'dark' | 'system'
export type TextSize = 100 | 125 | 150

export interface Preferences {
  language: Language
  scheme: Scheme
  textSize: TextSize
  /** High contrast. */
  isHigh: boolean
  /** Without colour, as on days of mourning. */
  isGrey: boolean
  /** Large numbers in pictures in 万 and 亿. */
  isShort: boolean
}

interface Chosen extends Preferences {
  /** What `scheme` comes to now. */
  isDark: boolean
  choose: (change: Partial<Preferences>) => void
}

const KEPT_UNDER = 'ykt.preferences'
const FIRST: Preferences = { language: 'zh-CN', scheme: 'system', textSize: 100, isHigh: false, isGrey: false, isShort: false }

/** Reads what was kept; anything strange counts as never chosen. */
export function read(text: string | null): Preferences {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Preferences>
    return {
      language: kept.language === 'en' ? 'en' : FIRST.language,
      scheme: kept.scheme === 'light' || kept.scheme === 'dark' ? kept.scheme : FIRST.scheme,
      textSize: kept.textSize === 125 || kept.textSize === 150 ? kept.textSize : FIRST.textSize,
      isHigh: kept.isHigh === true,
      isGrey: kept.isGrey === true,
      isShort: kept.isShort === true,
    }
  } catch {
    return FIRST
  }
}

const Context = createContext<Chosen | null>(null)

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState(() => read(localStorage.getItem(KEPT_UNDER)))
  const [systemIsDark, setSystemIsDark] = useState(() => darkQuery().matches)
  useEffect(() => {
    const query = darkQuery()
    const follow = () => setSystemIsDark(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  useEffect(() => {
    // Chosen in another tab.
    const follow = (event: StorageEvent) => {
      if (event.key === KEPT_UNDER) setKept(read(localStorage.getItem(KEPT_UNDER)))
    }
    window.addEventListener('storage', follow)
    return () => window.removeEventListener('storage', follow)
  }, [])
  const choose = useCallback((change: Partial<Preferences>) => {
    setKept((before) => {
      const after = { ...before, ...change }
      localStorage.setItem(KEPT_UNDER, JSON.stringify(after))
      return after
    })
  }, [])
  const isDark = kept.scheme === 'system' ? systemIsDark : kept.scheme === 'dark'
  const value = useMemo(() => ({ ...kept, isDark, choose }), [kept, isDark, choose])
  return <Context value={value}>{children}</Context>
}

function darkQuery(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: dark)')
}

export function usePreferences(): Chosen {
  const chosen = useContext(Context)
  if (!chosen) throw new Error('usePreferences outside PreferencesProvider')
  return chosen
}
