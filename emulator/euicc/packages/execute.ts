/** Execution of a package, one operation after the other: SGP.32 v1.2, 3.3.1 step 5. The first without success is the last. */
import { DecodeError, decode } from '../../../protocol/ber/index.ts'
import { Eco, type EuiccResultData, sgp32Codecs } from '../../../protocol/sgp32/index.ts'
import { executeEco } from './eco.ts'
import { executePsmo } from './psmo.ts'
import type { PackageSigned } from './request.ts'
import { changedRun, type Outcome, type PackageRun } from './run.ts'

export function executePackage(start: PackageRun, { kind, value }: PackageSigned['euiccPackage']): PackageRun {
  const execute = kind === 'psmoList' ? readPsmo : readEco
  const refused = kind === 'psmoList' ? secondSwitch(start, value) : undefined
  if (refused) return changedRun(start, { results: [refused, damaged] })
  let run = start
  for (const octets of value) {
    const outcome = attempt(run, () => execute(run, octets))
    run = outcome.run
    if (!outcome.succeeded && !goesOn(run)) return ended(run)
  }
  return run
}

const readPsmo = (run: PackageRun, octets: Uint8Array): Outcome =>
  executePsmo(run, decode(sgp32Codecs[run.product.specification].Psmo, octets))
const readEco = (run: PackageRun, octets: Uint8Array): Outcome => executeEco(run, decode(Eco, octets))

/** Where the policy says so, a list that could not be made does not end the package. */
const goesOn = ({ product, results }: PackageRun): boolean =>
  product.policy.listErrorInPackage === 'goesOn' && results.at(-1)?.kind === 'listProfileInfoResult'

const ENABLE = 0xa3
const DISABLE = 0xa4

/** The result of the first switch that there are too many of, where the policy looks for it before anything is done. */
function secondSwitch({ product }: PackageRun, list: readonly Uint8Array[]): EuiccResultData | undefined {
  if (product.policy.secondSwitchInPackage === 'whenReached') return undefined
  const tags = list.map(([tag]) => tag)
  const at = tags.findIndex((tag, i) => {
    const before = tags.slice(0, i)
    if (tag === ENABLE) return before.includes(ENABLE)
    return tag === DISABLE && (before.includes(ENABLE) || before.includes(DISABLE))
  })
  if (at < 0) return undefined
  return { kind: tags[at] === ENABLE ? 'enableResult' : 'disableResult', value: 'undefinedError' }
}

const damaged = { kind: 'processingTerminated', value: 'unknownOrDamagedCommand' } as const

function attempt(run: PackageRun, execute: () => Outcome): Outcome {
  try {
    return execute()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    const events = [...run.events, { type: 'malformed', detail: error.message } as const]
    return { run: changedRun(run, { events, results: [...run.results, damaged] }), succeeded: false }
  }
}

function ended(run: PackageRun): PackageRun {
  const isMarked = run.product.policy.afterFailedOperation === 'processingTerminated'
  return isMarked && run.results.at(-1) !== damaged ? changedRun(run, { results: [...run.results, damaged] }) : run
}
