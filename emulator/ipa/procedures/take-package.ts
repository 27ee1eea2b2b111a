import { encode, explicit, slice } from '../../../protocol/ber/index.ts'
import {
  type EuiccPackageRequest,
  type Sgp32Version,
  sgp32Codecs,
  type TransferEimPackageResponse,
} from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, failure, isCardLost, read } from '../answer.ts'
import { type Eim, eimsToPoll } from '../eim.ts'
import type { EimPackage, EimResult } from '../servers/esipa.ts'
import { specificationFor } from '../settings.ts'
import { executeDownloadTrigger } from './execute-download-trigger.ts'
import { executeEuiccPackage } from './execute-euicc-package.ts'
import { provideEuiccData } from './provide-euicc-data.ts'
import { removeAcknowledged } from './remove-acknowledged.ts'

/** What the eIM is told at once, and what is done when it has been told. */
export interface Taken {
  /** TransferEimPackageResponse. */
  readonly octets: Uint8Array
  readonly afterwards?: () => Promise<Failure | undefined>
}

const Envelope = explicit(0xbf4e, slice())

/** What is the same in every version. */
const said = (response: TransferEimPackageResponse, version: Sgp32Version = '1.2'): Uint8Array =>
  encode(sgp32Codecs[version].TransferEimPackageResponse, response)
const received: Taken = { octets: said({ kind: 'eimPackageReceived', value: true }) }
const refused = (error: 'invalidPackageFormat' | 'unknownPackage' | 'undefinedError'): Taken => ({
  octets: said({ kind: 'eimPackageError', value: error }),
})

/** ESipa.TransferEimPackage: SGP.32 v1.2, 5.14.8. An eIM brings a package; its result is the answer, unless it takes a download to have one. */
export async function takePackage(agent: Agent, message: Uint8Array): Promise<Taken> {
  // 1. What it is, and from which eIM.
  const request = readRequest(agent, message)
  const content = read('ESipa', Envelope, message)
  if (content.kind === 'failure') return refused('invalidPackageFormat')
  if (request.kind === 'failure') return refused(isKnown(content.value) ? 'invalidPackageFormat' : 'unknownPackage')
  const { kind, value } = request.value
  // 2. What the eIM has taken over leaves the eUICC.
  if (kind === 'eimAcknowledgements') {
    await removeAcknowledged(agent, { kind, value })
    return received
  }
  const eim = await senderOf(agent, kind === 'euiccPackageRequest' ? value : undefined)
  if (!eim) return refused('undefinedError')
  const eimTransactionId =
    kind === 'euiccPackageRequest' ? value.euiccPackageSigned.value.eimTransactionId : value.eimTransactionId
  const eimPackage = { kind, octets: content.value, ...(eimTransactionId !== undefined && { eimTransactionId }) }
  // 3. A download is begun when the eIM knows that its trigger has arrived.
  if (kind === 'profileDownloadTriggerRequest')
    return { ...received, afterwards: () => executeDownloadTrigger(agent, eim, eimPackage) }
  // 4. Anything else is executed as if it had been fetched; what would be provided is the answer.
  return execute(agent, eim, eimPackage)
}

/** In the version of the device, or in that of one of its eIMs. */
function readRequest({ settings: { specification, specifications } }: Agent, message: Uint8Array) {
  const readings = [specification, ...Object.values(specifications)].map((version) =>
    read('ESipa', sgp32Codecs[version].TransferEimPackageRequest, message),
  )
  return readings.find(({ kind }) => kind === 'answer') ?? failure('ESipa', 'undecodable', 'TransferEimPackageRequest')
}

const knownTags: ReadonlySet<number> = new Set([0x51, 0x52, 0x53, 0x54])
const isKnown = ([first, second = 0]: Uint8Array): boolean => first === 0xbf && knownTags.has(second)

/** The eIM that has signed a package; of another one any that may bring packages. */
async function senderOf(agent: Agent, signed: EuiccPackageRequest | undefined): Promise<Eim | undefined> {
  const configurations = await agent.card.call('GetEimConfigurationData', {})
  if (configurations.kind === 'failure') return undefined
  const { eimConfigurationDataList: list } = configurations.value
  const eimId = signed?.euiccPackageSigned.value.eimId
  const isMeant = (one: (typeof list)[number]) =>
    eimId === undefined ? one.eimSupportedProtocol?.includes('eimInjectHttps') : one.eimId === eimId
  const meant = list.filter(isMeant)
  return eimsToPoll(meant.length > 0 ? meant : list)[0]
}

async function execute(agent: Agent, eim: Eim, eimPackage: EimPackage): Promise<Taken> {
  let provided: EimResult['eimPackageResult'] | undefined
  const listening: Agent = {
    ...agent,
    eim: {
      ...agent.eim,
      async provideEimPackageResult(_eim, { eimPackageResult }) {
        provided = eimPackageResult
        return { kind: 'answer', value: { kind: 'emptyResponse', value: {} }, octets: new Uint8Array() }
      },
    },
  }
  const procedure = eimPackage.kind === 'euiccPackageRequest' ? executeEuiccPackage : provideEuiccData
  const failed = await procedure(listening, eim, eimPackage)
  if (!provided || (typeof failed === 'object' && isCardLost(failed))) return refused('undefinedError')
  return { octets: asResponse(provided, specificationFor(agent.settings, eim.eimId)) }
}

function asResponse(result: EimResult['eimPackageResult'], version: Sgp32Version): Uint8Array {
  if (result instanceof Uint8Array) return encode(Envelope, result)
  if (result.kind === 'eimPackageResultResponseError')
    return said({ kind: 'eimPackageError', value: result.value.eimPackageResultErrorCode })
  if (result.kind === 'profileDownloadTriggerResult') throw new Error('a download has no result at once')
  return said(result, version)
}
