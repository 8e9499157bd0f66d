// What an endpoint can be told. A test holds the list against the rules.

export const EVENTS = ['ecard.state_changed', 'payment.succeeded', 'payment.failed', 'payment.refunded', 'matter.waiting', 'matter.due_soon', 'notice.issued', 'channel.suspended', 'channel.resumed', 'key.expiring'] as const
