import type { Agent } from '../agent.ts'
import { type Failure, isAway, isCardLost } from '../answer.ts'
import { type Eim, eimsToPoll } from '../eim.ts'
import type { EimPackage } from '../servers/esipa.ts'
import { changeTold, untoldChange } from '../state-change.ts'
import { deliverLeftResults } from './deliver-left-results.ts'
import { deliverNotifications, relayOf } from './deliver-notifications.ts'
import type { Kept } from './deliver-package-result.ts'
import { executeDownloadTrigger } from './execute-download-trigger.ts'
import { executeEuiccPackage } from './execute-euicc-package.ts'
import { provideEuiccData } from './provide-euicc-data.ts'
import { refusePackage } from './refuse-package.ts'

export interface PollingOutcome {
  /** eIM Packages whose result the eIM has. */
  readonly packagesProcessed: number
  /** Why the cycle ended early at an eIM, and what was left undelivered. It is tried again in the next cycle. */
  readonly failures: readonly Failure[]
}

type Procedure = (agent: Agent, eim: Eim, eimPackage: EimPackage) => Promise<Failure | Kept | undefined>

const procedures: Readonly<Record<EimPackage['kind'], Procedure>> = {
  euiccPackageRequest: executeEuiccPackage,
  ipaEuiccDataRequest: provideEuiccData,
  profileDownloadTriggerRequest: executeDownloadTrigger,
  unknownPackage: (agent, eim, refused) => refusePackage(agent, eim, { refused, error: 'unknownPackage' }),
}

/** One polling cycle: eIM Package retrieval of SGP.32 v1.2, 3.1.1, until no associated eIM has a package. */
export async function runPollingCycle(agent: Agent): Promise<PollingOutcome> {
  // 1. ES10b.GetEimConfigurationData: packages change it.
  const configurations = await agent.card.call('GetEimConfigurationData', {})
  if (configurations.kind === 'failure') return { packagesProcessed: 0, failures: [configurations] }
  const eims = eimsToPoll(configurations.value.eimConfigurationDataList)
  let outcome: PollingOutcome = { packagesProcessed: 0, failures: [] }
  // 2. One eIM after the other.
  for (const eim of eims) {
    outcome = merge(outcome, await pollEim(agent, eim))
    if (outcome.failures.some(isCardLost)) return outcome
  }
  // 3. Notifications that no eIM has taken over.
  return merge(outcome, { packagesProcessed: 0, failures: await deliverNotifications(agent, relayOf(agent, eims[0])) })
}

async function pollEim(agent: Agent, eim: Eim): Promise<PollingOutcome> {
  let packagesProcessed = 0
  const left: Failure[] = []
  const ended = (...failures: readonly Failure[]) => ({ packagesProcessed, failures: [...left, ...failures] })
  for (let isLeft = true; packagesProcessed < agent.settings.packageLimit; packagesProcessed += 1) {
    // 1. What is left from before: from an earlier cycle, or because it was not acknowledged. Without it the eIM would bring the same package again.
    if (isLeft) left.push(...(await deliverLeftResults(agent, eim)))
    if (left.some(isAway)) return ended()
    // 2. ESipa.GetEimPackage, with what the IPA itself has changed.
    const answer = await agent.eim.getEimPackage(eim, agent.eid, await untoldChange(agent.memory, eim.eimId))
    if (answer.kind === 'failure') return ended(answer)
    await changeTold(agent.memory, eim.eimId)
    if (!answer.value) return ended()
    // 3. The procedure for its kind, to the delivery of the result.
    const { kind, eimTransactionId } = answer.value
    const exchange = eimTransactionId === undefined ? agent : agent.within({ eimTransactionId })
    const failed = await procedures[kind](exchange, eim, answer.value)
    if (typeof failed === 'object') return ended(failed)
    isLeft = failed === 'kept'
  }
  return ended()
}

export const merge = (first: PollingOutcome, second: PollingOutcome): PollingOutcome => ({
  packagesProcessed: first.packagesProcessed + second.packagesProcessed,
  failures: [...first.failures, ...second.failures],
})
