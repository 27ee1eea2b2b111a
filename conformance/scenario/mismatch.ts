/** An answer, an event or a card that is not as a requirement wants it. */
export interface Mismatch {
  /** The broken requirement, when it is not the one that the scenario claims. */
  readonly requirement?: string
  /** A sentence: what was looked at. */
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown
}

/** What is seen again and again is said once. */
export function noteOnce(mismatches: Mismatch[], mismatch: Mismatch): void {
  const text = JSON.stringify(mismatch)
  if (!mismatches.some((known) => JSON.stringify(known) === text)) mismatches.push(mismatch)
}

/** Thrown by a step: the target is wrong. Everything else that a step throws means that the runner could not ask. */
export class Nonconformity extends Error {
  readonly mismatch: Mismatch
  constructor(mismatch: Mismatch) {
    super(`${mismatch.what}: expected ${shown(mismatch.expected)}, got ${shown(mismatch.actual)}`)
    this.name = 'Nonconformity'
    this.mismatch = mismatch
  }
}

/** Thrown where everything that can be asked is right, and something stays open. */
export class NotVerified extends Error {
  override readonly name = 'NotVerified'
  constructor(why: string, what: readonly string[]) {
    super(`not verified, since ${why}: ${what.join('; ')}`)
  }
}

export const shown = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
