// The button that begins something: its forms are fetched when a page has it, not before the page is there.

import { lazily } from '../../parts/lazily'

export const Begin = lazily(async () => (await import('./open')).Open)
