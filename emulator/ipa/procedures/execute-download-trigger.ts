import { parseActivationCode } from '../../../protocol/identifiers/index.ts'
import { ProfileDownloadTriggerRequest } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, read } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { EimPackage } from '../servers/esipa.ts'
import { type DownloadSource, type DownloadStop, stop, stopBy } from './download.ts'
import { downloadProfile } from './download-profile.ts'
import { refusePackage } from './refuse-package.ts'
import { reportInstallation } from './report-installation.ts'

/** Direct profile download on ProfileDownloadTriggerRequest: SGP.32 v1.2, 3.2.3.1. Undefined when the eIM has the result. */
export async function executeDownloadTrigger(
  agent: Agent,
  eim: Eim,
  eimPackage: EimPackage,
): Promise<Failure | undefined> {
  // 1. From where.
  const request = read('ESipa', ProfileDownloadTriggerRequest, eimPackage.octets)
  if (request.kind === 'failure')
    return refusePackage(agent, eim, { refused: eimPackage, error: 'invalidPackageFormat' })
  const { eimTransactionId, profileDownloadData } = request.value
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  const source = await sourceOf(agent, profileDownloadData)
  if (source.kind === 'failure') return source
  // 2. Profile download and installation.
  const awaitedBy = { eimId: eim.eimId, ...transaction }
  const outcome = source.kind === 'stopped' ? source : await downloadProfile(agent, source, awaitedBy)
  if (outcome.kind === 'failure') return outcome
  // 3. The eIM is told how it ended.
  if (outcome.kind === 'installed') return reportInstallation(agent, eim, { ...transaction, result: outcome.result })
  const errorResponse = outcome.errorResponse ? { errorResponse: outcome.errorResponse } : {}
  const value = { profileDownloadErrorReason: 'undefinedError', ...errorResponse } as const
  const response = await agent.eim.provideEimPackageResult(eim, {
    eidValue: agent.eid,
    status: outcome.detail,
    eimPackageResult: {
      kind: 'profileDownloadTriggerResult',
      value: { ...transaction, profileDownloadTriggerResultData: { kind: 'profileDownloadError', value } },
    },
  })
  return response.kind === 'failure' ? response : undefined
}

type Source = ({ readonly kind: 'source' } & DownloadSource) | DownloadStop | Failure

/** Discovery at an SM-DS, and downloads whose data only the eIM knows, are not among the capabilities of this IPA. */
async function sourceOf(agent: Agent, data: ProfileDownloadTriggerRequest['profileDownloadData']): Promise<Source> {
  if (data?.kind === 'activationCode') return sourceOfCode(data.value)
  if (data?.kind !== 'contactDefaultSmdp') return stop('no activation code and no default SM-DP+')
  const addresses = await agent.card.call('GetEuiccConfiguredAddresses', {})
  if (addresses.kind === 'failure') return stopBy(addresses)
  const { defaultDpAddress } = addresses.value
  return defaultDpAddress ? { kind: 'source', smdpAddress: defaultDpAddress } : stop('no default SM-DP+ on the eUICC')
}

function sourceOfCode(activationCode: string): Source {
  const code = parseActivationCode(activationCode)
  if ('error' in code) return stop(`activation code: ${code.error}`)
  const { confirmationCodeRequired: _unused, ...source } = code
  return { kind: 'source', ...source }
}
