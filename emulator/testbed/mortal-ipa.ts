import type { Ipa } from '../ipa/index.ts'
import type { Time } from '../ports/index.ts'

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
    let die = () => {}
    const death = new Promise<typeof nothing>((resolve) => {
      die = () => resolve(nothing)
    })
    return { ipa: boot(crash), death, die }
  }
  function crash(afterMs: number): Promise<never> {
    life.die()
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
      const { ipa, death } = await alive
      return Promise.race([ipa.poll(), death])
    },
  }
}

interface Life {
  readonly ipa: Ipa
  readonly death: Promise<typeof nothing>
  readonly die: () => void
}
