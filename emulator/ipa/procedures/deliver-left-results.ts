import type { Agent } from '../agent.ts'
import { type Failure, isAway } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { forget } from '../memory.ts'
import { deliverOrRollBack } from './deliver-or-roll-back.ts'
import { reportInstallation } from './report-installation.ts'
import { retrieveNotifications, retrievePackageResults, transactionIdOf } from './retrieve-notifications.ts'

/**
 * What an eIM has not got in an earlier polling cycle, whatever ended that: SGP.32 v1.2, 2.11.2. It comes before anything new. Returns what failed: a
 * result that is refused stays and does not hold up the others.
 */
export async function deliverLeftResults(agent: Agent, eim: Eim): Promise<readonly Failure[]> {
  // 1. eUICC Package Results that nobody has acknowledged.
  const failures = await deliverPackageResults(agent, eim)
  if (failures.some(isAway)) return failures
  // 2. Results of downloads that it has triggered.
  return [...failures, ...(await reportInstallations(agent, eim))]
}

async function deliverPackageResults(agent: Agent, eim: Eim): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  const results = await retrievePackageResults(agent)
  if ('kind' in results) return [results]
  for (const result of results) {
    if (result.value.kind !== 'euiccPackageResultSigned') continue
    const { eimId, eimTransactionId } = result.value.value.euiccPackageResultDataSigned.value
    if (eimId !== eim.eimId) continue
    const failed = await deliverOrRollBack(within(agent, eimTransactionId), eim, result)
    if (failed === undefined || failed === 'kept') continue
    failures.push(failed)
    if (isAway(failed)) break
  }
  return failures
}

/** A download that did not get as far as a ProfileInstallationResult is forgotten: the eIM triggers it again. */
async function reportInstallations(agent: Agent, eim: Eim): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  const downloads = (await agent.memory.load()).downloads.filter(({ eimId }) => eimId === eim.eimId)
  const notifications = downloads.length > 0 ? await retrieveNotifications(agent) : []
  if ('kind' in notifications) return [notifications]
  for (const download of downloads) {
    const found = notifications.find(({ value }) => transactionIdOf(value) === download.transactionId)
    if (found?.value.kind !== 'profileInstallationResult') {
      await forget(agent.memory, download)
      continue
    }
    const result = { octets: found.octets, value: found.value.value }
    const failed = await reportInstallation(within(agent, download.eimTransactionId), eim, { ...download, result })
    if (failed) failures.push(failed)
    if (failed && isAway(failed)) break
  }
  return failures
}

const within = (agent: Agent, eimTransactionId: string | undefined): Agent =>
  eimTransactionId === undefined ? agent : agent.within({ eimTransactionId })
