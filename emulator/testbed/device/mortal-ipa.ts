import type { Failure, Ipa } from '../../ipa/index.ts'
import type { HttpAnswer, Time } from '../../ports/index.ts'

/** The IPA dies and starts again so much later. Never resolves for the one that died. */
export type Crash = (afterMs: number) => Promise<never>

/** What one that has died says of what it was asked. */
const nothing = { packagesProcessed: 0, failures: [] }
const crashed: Failure = { kind: 'failure', hop: 'ES10', reason: 'unreachable', detail: 'The IPA has crashed.' }
const closed: HttpAnswer = { status: 503, headers: {}, body: new Uint8Array(), cutAfter: 0 }

/**
 * An IPA that may crash: what it was asked ends with nothing done, and what it is asked while it is down waits for the next one, which goes on with what card
 * and memory have kept.
 */
export function createMortalIpa({ delay }: Time, boot: (crash: Crash) => Ipa): Ipa {
  let alive: Promise<Life> = Promise.resolve(begin())

  function begin(): Life {
    const life: Life = { ipa: boot((afterMs) => crash(life, afterMs)), asked: new Set() }
    return life
  }
  function crash(life: Life, afterMs: number): Promise<never> {
    for (const die of life.asked) die()
    alive = delay(afterMs).then(begin)
    void alive.then(({ ipa }) => ipa.poll())
    return new Promise(() => {})
  }
  async function ask<T>(act: (ipa: Ipa) => Promise<T>, died: T): Promise<T> {
    const { ipa, asked } = await alive
    return new Promise((resolve, reject) => {
      const die = () => resolve(died)
      asked.add(die)
      act(ipa)
        .then(resolve, reject)
        .finally(() => asked.delete(die))
    })
  }
  return {
    initialise: () => ask((ipa) => ipa.initialise(), crashed),
    addInitialEim: (request) => ask((ipa) => ipa.addInitialEim(request), crashed),
    returnFromFallback: () => ask((ipa) => ipa.returnFromFallback(), crashed),
    useEmergencyProfile: (isEmergency) => ask((ipa) => ipa.useEmergencyProfile(isEmergency), crashed),
    resetMemory: (resetOptions) => ask((ipa) => ipa.resetMemory(resetOptions), crashed),
    downloadProfile: (order) => ask((ipa) => ipa.downloadProfile(order), crashed),
    handleInject: (message) => ask((ipa) => ipa.handleInject(message), closed),
    poll: () => ask((ipa) => ipa.poll(), nothing),
  }
}

interface Life {
  readonly ipa: Ipa
  /** Ends what it is asked, when it dies. A promise of its death would keep every poll for as long as it lives. */
  readonly asked: Set<() => void>
}
