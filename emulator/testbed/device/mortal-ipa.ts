import type { Ipa } from '../../ipa/index.ts'
import type { Time } from '../../ports/index.ts'

/** The IPA dies and starts again so much later. Never resolves for the one that died. */
export type Crash = (afterMs: number) => Promise<never>

export interface MortalIpa {
  now(): Ipa
  poll(): ReturnType<Ipa['poll']>
}

const nothing = { packagesProcessed: 0, failures: [] }

/** An IPA that may crash: what it was asked ends with nothing done, and the next one goes on with what card and memory have kept. */
export function createMortalIpa({ delay }: Time, boot: (crash: Crash) => Ipa): MortalIpa {
  let life = begin()
  let alive: Promise<Life> = Promise.resolve(life)

  function begin(): Life {
    return { ipa: boot(crash), asked: new Set() }
  }
  function crash(afterMs: number): Promise<never> {
    for (const die of life.asked) die()
    alive = delay(afterMs).then(() => {
      life = begin()
      return life
    })
    void alive.then(({ ipa }) => ipa.poll())
    return new Promise(() => {})
  }
  return {
    now: () => life.ipa,
    async poll() {
      const { ipa, asked } = await alive
      return new Promise((resolve, reject) => {
        const die = () => resolve(nothing)
        asked.add(die)
        ipa
          .poll()
          .then(resolve, reject)
          .finally(() => asked.delete(die))
      })
    },
  }
}

interface Life {
  readonly ipa: Ipa
  /** Ends what it is asked, when it dies. A promise of its death would keep every poll for as long as it lives. */
  readonly asked: Set<() => void>
}
