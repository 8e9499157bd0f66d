// Who may order something to be put right, and the dialog that they do it in, fetched when it is opened.

import { useHolds, useSession } from '../../app/session'
import { useChannels } from '../../parts/choose'
import { lazily } from '../../parts/lazily'

export const OrderDialog = lazily(async () => (await import('./order')).OrderDialog)

/** Whether whoever looks acts for a region, and the platform says that an order may be begun about a channel. */
export function useMayOrder(): (channel_id: string | null | undefined) => boolean {
  const { staff } = useSession()
  const isReviewer = useHolds()('matter.act') && staff.role === 'region_admin'
  const channels = useChannels()
  return (channel_id) => isReviewer && channels.some((one) => one.channel_id === channel_id && one.opens.includes('rectification'))
}
