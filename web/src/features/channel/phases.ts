/** Whether a channel has left for good: it is neither measured nor told anything. */
export const hasLeft = ({ phase }: { phase: string }): boolean => phase === 'exited' || phase === 'terminated'

/** Whether something is withheld from a channel now. */
export const isStopped = ({ state }: { state: string }): boolean => state === 'suspended' || state === 'partly_suspended'
