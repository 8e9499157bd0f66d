// Shares as the platform tells them: how many in ten thousand, and none where there is nobody to have one.

interface Shared {
  basis_points?: number | null
}

/** In percent, to the hundredth. */
export function percent(basis_points: number | null | undefined): number | null {
  return basis_points == null ? null : basis_points / 100
}

/** The largest share first; those without any last. */
export function byShare<One extends Shared>(areas: readonly One[]): One[] {
  return [...areas].sort((one, other) => (other.basis_points ?? -1) - (one.basis_points ?? -1))
}
