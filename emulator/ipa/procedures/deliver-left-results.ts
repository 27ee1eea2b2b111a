import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { forget } from '../memory.ts'
import { deliverPackageResult } from './deliver-package-result.ts'
import { reportInstallation } from './report-installation.ts'
import { retrieveNotifications, retrievePackageResults, transactionIdOf } from './retrieve-notifications.ts'

/**
 * What an eIM has not got in an earlier polling cycle, whatever ended that: SGP.32 v1.2, 2.11.2. It comes before anything new. Undefined when nothing
 * is left.
 */
export async function deliverLeftResults(agent: Agent, eim: Eim): Promise<Failure | undefined> {
  // 1. eUICC Package Results that nobody has acknowledged.
  const results = await retrievePackageResults(agent)
  if ('kind' in results) return results
  for (const result of results) {
    if (result.value.kind !== 'euiccPackageResultSigned') continue
    const { eimId, eimTransactionId } = result.value.value.euiccPackageResultDataSigned.value
    if (eimId !== eim.eimId) continue
    const failed = await deliverPackageResult(within(agent, eimTransactionId), eim, result)
    if (failed) return failed
  }
  // 2. Downloads that it has triggered and that got as far as a ProfileInstallationResult. One that did not is triggered again.
  const downloads = (await agent.memory.load()).filter(({ eimId }) => eimId === eim.eimId)
  if (downloads.length === 0) return undefined
  const notifications = await retrieveNotifications(agent)
  if ('kind' in notifications) return notifications
  for (const download of downloads) {
    const found = notifications.find(({ value }) => transactionIdOf(value) === download.transactionId)
    if (found?.value.kind !== 'profileInstallationResult') await forget(agent.memory, download)
    else {
      const { octets, value } = found
      const failed = await reportInstallation(
        within(agent, download.eimTransactionId),
        eim,
        { octets, value: value.value },
        download,
      )
      if (failed) return failed
    }
  }
  return undefined
}

const within = (agent: Agent, eimTransactionId: string | undefined): Agent =>
  eimTransactionId === undefined ? agent : agent.within({ eimTransactionId })
