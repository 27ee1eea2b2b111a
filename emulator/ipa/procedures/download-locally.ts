import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import { directServer } from '../servers/rsp.ts'
import { stateChanged } from '../state-change.ts'
import { deliverNotifications } from './deliver-notifications.ts'
import { discoverProfiles } from './discover-profiles.ts'
import type { DownloadSource, DownloadStop, Installed } from './download.ts'
import { downloadProfile } from './download-profile.ts'
import { defaultSource, sourceOfCode } from './execute-download-trigger.ts'

/** Where somebody at the device says that profiles are; `contactSmds` without an address means the root SM-DS of the eUICC. */
export type LocalOrder =
  | { readonly activationCode: string }
  | { readonly contactDefaultSmdp: true }
  | { readonly contactSmds: { readonly smdsAddress?: string } }

export type LocalDownload =
  | { readonly outcome: 'installed'; readonly iccid?: string }
  /** `reason`: of the eUICC, the SM-DP+ or the SM-DS. */
  | { readonly outcome: 'failed'; readonly reason: string }

/** Profile download that began in the device: SGP.22 v2.5, 3.1. No eIM waits for it; the next poll tells that something has changed. */
export async function downloadLocally(agent: Agent, order: LocalOrder): Promise<readonly LocalDownload[] | Failure> {
  const sources = await sourcesOf(agent, order)
  if ('kind' in sources) return sources.kind === 'failure' ? sources : [ended(sources)]
  const downloads: LocalDownload[] = []
  for (const source of sources) {
    const outcome = await downloadProfile(agent, source, undefined)
    if (outcome.kind === 'failure' && isCardLost(outcome)) return outcome
    downloads.push(ended(outcome))
  }
  if (downloads.some(({ outcome }) => outcome === 'installed')) await stateChanged(agent.memory, 'local')
  const undelivered = await deliverNotifications(agent, undefined)
  return undelivered.find(isCardLost) ?? downloads
}

async function sourcesOf(agent: Agent, order: LocalOrder): Promise<readonly DownloadSource[] | DownloadStop | Failure> {
  if ('activationCode' in order) return sourceOfCode(order.activationCode, directServer)
  if ('contactDefaultSmdp' in order) return defaultSource(agent, directServer)
  return discoverProfiles(agent, { serverAt: directServer, ...order.contactSmds })
}

function ended(outcome: Installed | DownloadStop | Failure): LocalDownload {
  if (outcome.kind !== 'installed') return { outcome: 'failed', reason: outcome.detail }
  const { notificationMetadata, finalResult } = outcome.result.value.profileInstallationResultData.value
  if (finalResult.kind === 'errorResult') return { outcome: 'failed', reason: finalResult.value.errorReason }
  const { iccid } = notificationMetadata
  return { outcome: 'installed', ...(iccid !== undefined && { iccid }) }
}
