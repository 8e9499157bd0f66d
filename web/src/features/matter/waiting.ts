// How much waits for whoever is signed in.

export function useWaiting(): number {
  return 0
}
