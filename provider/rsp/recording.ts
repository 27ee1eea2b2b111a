/**
 * What was said with an RSP platform, written down and given back. A recording is told by what happens and not by the clock: a package that is submitted again goes
 * through its recorded changes, and a question is answered as it was at that point of the eUICC's history.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  type Change,
  type Euicc,
  type OrderRefused,
  type Package,
  type PackageOrder,
  PlatformUnavailable,
  type Profile,
  type RspPlatform,
} from './platform.ts'

type Submitted = { readonly kind: 'package'; readonly package: Package } | OrderRefused
type OwnedProfile = Profile & { readonly eid: string }

/** A line: what was asked and what came back, or what the platform told by itself. What failed is not in it. */
export type Said =
  | { readonly said: 'euicc'; readonly eid: string; readonly answer: Euicc | null }
  | { readonly said: 'profile'; readonly iccid: string; readonly answer: OwnedProfile | null }
  | { readonly said: 'submit'; readonly eid: string; readonly order: PackageOrder; readonly answer: Submitted }
  | { readonly said: 'package' | 'withdraw'; readonly packageId: string; readonly answer: Package | null }
  | { readonly said: 'change'; readonly package: Package }

/** The same platform; `write` is told of everything that it says. */
export const recording = (platform: RspPlatform, write: (said: Said) => void): RspPlatform => ({
  ready: () => platform.ready(),
  async euicc(eid) {
    const answer = await platform.euicc(eid)
    write({ said: 'euicc', eid, answer: answer ?? null })
    return answer
  },
  async profile(iccid) {
    const answer = await platform.profile(iccid)
    write({ said: 'profile', iccid, answer: answer ?? null })
    return answer
  },
  async submit(eid, order, key) {
    const answer = await platform.submit(eid, order, key)
    write({ said: 'submit', eid, order, answer })
    return answer
  },
  async package(packageId) {
    const answer = await platform.package(packageId)
    write({ said: 'package', packageId, answer: answer ?? null })
    return answer
  },
  async withdraw(packageId) {
    const answer = await platform.withdraw(packageId)
    write({ said: 'withdraw', packageId, answer: answer ?? null })
    return answer
  },
  async *changes() {
    for await (const change of platform.changes()) {
      if (change.kind === 'package') write({ said: 'change', package: change.package })
      yield change
    }
  },
})

/** Answers as the recorded platform did. What it was never asked it cannot answer: PlatformUnavailable says so. */
export const createRecordedPlatform = (lines: readonly unknown[], closing: AbortSignal): RspPlatform => {
  const tape = lines as readonly Said[]
  const used = new Set<number>()
  /** How far the history of each eUICC has been told: the line of its last package that was submitted here. */
  const reached = new Map<string, number>()
  const byKey = new Map<string, Submitted>()
  const told: Package[] = []
  let wake = () => {}
  closing.addEventListener('abort', () => wake(), { once: true })

  const tell = (packageId: string, from: number): void => {
    for (const line of tape.slice(from))
      if (line.said === 'change' && line.package.packageId === packageId) told.push(line.package)
    wake()
  }

  /** The last answer that had been given when the next package of the eUICC was submitted; before its first answer, that one. */
  const answerTo = <S extends Said>(isIt: (said: Said) => S | undefined, eidOf: (said: S) => string | undefined): S => {
    let best: S | undefined
    for (const [index, line] of tape.entries()) {
      const said = isIt(line)
      const eid = said && eidOf(said)
      if (best && eid !== undefined && index > untilOf(eid)) break
      best = said ?? best
    }
    return best ?? notRecorded()
  }

  const untilOf = (eid: string): number => {
    const next = tape.findIndex(
      (said, index) =>
        index > (reached.get(eid) ?? -1) && said.said === 'submit' && said.eid === eid && !used.has(index),
    )
    return next === -1 ? tape.length : next
  }

  const lastOf = (packageId: string): Package | undefined => {
    const [last] = told.filter((found) => found.packageId === packageId).slice(-1)
    const submitted = [...byKey.values()].find(
      (answer) => answer.kind === 'package' && answer.package.packageId === packageId,
    )
    return last ?? (submitted?.kind === 'package' ? submitted.package : undefined)
  }

  return {
    ready: async () => {},
    async euicc(eid) {
      const isIt = (said: Said) => (said.said === 'euicc' && said.eid === eid ? said : undefined)
      return answerTo(isIt, () => eid).answer ?? undefined
    },
    async profile(iccid) {
      const isIt = (said: Said) => (said.said === 'profile' && said.iccid === iccid ? said : undefined)
      return answerTo(isIt, ({ answer }) => answer?.eid).answer ?? undefined
    },
    async submit(eid, order, key) {
      const known = byKey.get(key)
      if (known) return known
      const index = tape.findIndex(
        (said, at) =>
          said.said === 'submit' && !used.has(at) && said.eid === eid && isDeepStrictEqual(said.order, order),
      )
      const said = tape[index]
      if (said?.said !== 'submit') return notRecorded()
      used.add(index)
      reached.set(eid, index)
      byKey.set(key, said.answer)
      if (said.answer.kind === 'package') tell(said.answer.package.packageId, index)
      return said.answer
    },
    package: async (packageId) => lastOf(packageId),
    withdraw: async (packageId) => lastOf(packageId),
    async *changes(): AsyncGenerator<Change> {
      yield { kind: 'connected' }
      for (let next = 0; !closing.aborted; ) {
        const found = told[next]
        if (found) {
          next += 1
          yield { kind: 'package', package: found }
        } else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}

const notRecorded = (): never => {
  throw new PlatformUnavailable('the recording does not have this')
}
