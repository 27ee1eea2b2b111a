import { parseActivationCode } from '../../../protocol/identifiers/index.ts'
import { ProfileDownloadTriggerRequest } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, read } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { EimPackage } from '../servers/esipa.ts'
import { directServer, discoveryServer, type RspServer } from '../servers/rsp.ts'
import { indirectDiscovery, indirectServer } from '../servers/rsp-indirect.ts'
import { type Discovery, discoverProfiles } from './discover-profiles.ts'
import { type DownloadSource, type DownloadStop, type Installed, stop, stopBy } from './download.ts'
import { downloadProfile } from './download-profile.ts'
import { refusePackage } from './refuse-package.ts'
import { reportInstallation } from './report-installation.ts'

/** Profile download on ProfileDownloadTriggerRequest: SGP.32 v1.2, 3.2.3. Undefined when the eIM has the result. */
export async function executeDownloadTrigger(
  agent: Agent,
  eim: Eim,
  eimPackage: EimPackage,
): Promise<Failure | undefined> {
  // 1. From where, and whether the eIM carries the session.
  const request = read('ESipa', ProfileDownloadTriggerRequest, eimPackage.octets)
  if (request.kind === 'failure')
    return refusePackage(agent, eim, { refused: eimPackage, error: 'invalidPackageFormat' })
  const sources = await sourcesOf(agent, eim, request.value)
  if ('kind' in sources) return report(agent, { eim, trigger: request.value, outcome: sources })
  // 2. Profile download and installation; the eIM is told how it ended. An SM-DS may have led to several.
  for (const source of sources) {
    const failed = await downloadAndReport(agent, { eim, trigger: request.value, source })
    if (failed) return failed
  }
  return undefined
}

interface Triggered {
  readonly eim: Eim
  readonly trigger: ProfileDownloadTriggerRequest
}

async function downloadAndReport(
  agent: Agent,
  { source, ...triggered }: Triggered & { readonly source: DownloadSource },
): Promise<Failure | undefined> {
  const awaitedBy = {
    eimId: triggered.eim.eimId,
    ...transactionOf(triggered.trigger),
    ...(source.server.isIndirect && { indirect: true as const }),
  }
  const outcome = await downloadProfile(agent, source, awaitedBy)
  if (outcome.kind !== 'installed') return report(agent, { ...triggered, outcome })
  return reportInstallation(agent, triggered.eim, { ...awaitedBy, result: outcome.result })
}

const transactionOf = ({ eimTransactionId }: ProfileDownloadTriggerRequest) =>
  eimTransactionId === undefined ? {} : { eimTransactionId }

/** A download that led to no installation. What only a lost card can say is left for later. */
async function report(
  agent: Agent,
  { eim, trigger, outcome }: Triggered & { readonly outcome: Exclude<DownloadStop | Failure | Installed, Installed> },
): Promise<Failure | undefined> {
  if (outcome.kind === 'failure') return outcome
  const errorResponse = outcome.errorResponse ? { errorResponse: outcome.errorResponse } : {}
  const value = { profileDownloadErrorReason: 'undefinedError', ...errorResponse } as const
  const response = await agent.eim.provideEimPackageResult(eim, {
    eidValue: agent.eid,
    status: outcome.detail,
    eimPackageResult: {
      kind: 'profileDownloadTriggerResult',
      value: {
        ...transactionOf(trigger),
        profileDownloadTriggerResultData: { kind: 'profileDownloadError', value },
      },
    },
  })
  return response.kind === 'failure' ? response : undefined
}

type Sources = readonly DownloadSource[] | DownloadStop | Failure

/** Without data of the download the eIM keeps them to itself, and only it can carry the session. */
async function sourcesOf(agent: Agent, eim: Eim, trigger: ProfileDownloadTriggerRequest): Promise<Sources> {
  const { profileDownloadData: data } = trigger
  const choice = serverChoice(agent, eim, trigger)
  const { serverAt } = choice
  switch (data?.kind) {
    case undefined:
      return can(agent, 'indirectRspServerCommunication')
        ? [{ server: indirectServer({ eim, ...transactionOf(trigger) }) }]
        : stop('no data of the download, and no indirect download here')
    case 'activationCode':
      return sourceOfCode(data.value, serverAt)
    case 'contactDefaultSmdp':
      return defaultSource(agent, serverAt)
    case 'contactSmds':
      return discoverProfiles(agent, { ...choice, ...data.value })
  }
}

export type ServerChoice = (smdpAddress: string) => RspServer

const can = ({ settings }: Agent, feature: 'directRspServerCommunication' | 'indirectRspServerCommunication') =>
  settings.ipaCapabilities.ipaFeatures.includes(feature)

/** Through the eIM where its configuration on the eUICC says so, or where the IPA cannot reach servers itself. */
function serverChoice(
  agent: Agent,
  eim: Eim,
  trigger: ProfileDownloadTriggerRequest,
): Required<Pick<Discovery, 'serverAt' | 'discoveryAt'>> {
  const isWanted = eim.indirectProfileDownload || !can(agent, 'directRspServerCommunication')
  if (!isWanted || !can(agent, 'indirectRspServerCommunication'))
    return { serverAt: directServer, discoveryAt: discoveryServer }
  const by = (smdpAddress: string) => ({ eim, smdpAddress, ...transactionOf(trigger) })
  return {
    serverAt: (address) => indirectServer(by(address)),
    discoveryAt: (address) => indirectDiscovery(by(address)),
  }
}

export function sourceOfCode(activationCode: string, serverAt: ServerChoice): readonly DownloadSource[] | DownloadStop {
  const code = parseActivationCode(activationCode)
  if ('error' in code) return stop(`activation code: ${code.error}`)
  const { confirmationCodeRequired: _unused, smdpAddress, ...source } = code
  return [{ server: serverAt(smdpAddress), ...source }]
}

/** The order is found by the EID. */
export async function defaultSource(agent: Agent, serverAt: ServerChoice): Promise<Sources> {
  const addresses = await agent.card.call('GetEuiccConfiguredAddresses', {})
  if (addresses.kind === 'failure') return stopBy(addresses)
  const { defaultDpAddress } = addresses.value
  return defaultDpAddress ? [{ server: serverAt(defaultDpAddress) }] : stop('no default SM-DP+ on the eUICC')
}
