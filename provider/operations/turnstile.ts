/** Work of one key runs one at a time, in the order in which it came; work of different keys side by side. */
export interface Turnstile {
  enter<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Something of this key is at work, or waits for it. */
  has(key: string): boolean
  /** When nothing is left. */
  idle(): Promise<void>
}

export const createTurnstile = (): Turnstile => {
  const last = new Map<string, Promise<unknown>>()
  return {
    enter(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work, work)
      const settled = mine
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === settled) last.delete(key)
        })
      last.set(key, settled)
      return mine
    },
    has: (key) => last.has(key),
    async idle() {
      while (last.size > 0) await Promise.all(last.values())
    },
  }
}
