// The sign-in's token: in session storage, so it ends with the tab and no other tab or later visitor finds it. Scripts
// of this page can read it; that no other script runs is the policy's work (see `portal/mod.rs`).

import { worldPath } from '../app/world'

const KEPT_UNDER = `ykt.token${worldPath}`

export const token = {
  read: (): string | null => sessionStorage.getItem(KEPT_UNDER),
  keep: (value: string): void => sessionStorage.setItem(KEPT_UNDER, value),
  forget: (): void => sessionStorage.removeItem(KEPT_UNDER),
}
