import { encode } from '../../../protocol/ber/index.ts'
import { EUICCInfo1 } from '../../../protocol/sgp22/index.ts'
import { EUICCInfo2, type IpaEuiccData, type IpaEuiccDataResponse, sgp32Codecs } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost, read } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { type Disclosed, disclose } from '../memory.ts'
import { toBase64 } from '../servers/es9plus.ts'
import type { EimPackage } from '../servers/esipa.ts'
import { specificationFor } from '../settings.ts'
import { collectEuiccData } from './collect-euicc-data.ts'
import { refusePackage } from './refuse-package.ts'
import { removeAcknowledged } from './remove-acknowledged.ts'

/** An IpaEuiccDataRequest: SGP.32 v1.2, 2.11.1.2 and 3.3.1. Undefined when the eIM has the answer. */
export async function provideEuiccData(agent: Agent, eim: Eim, eimPackage: EimPackage): Promise<Failure | undefined> {
  // 1. What is asked for.
  const request = read(
    'ESipa',
    sgp32Codecs[specificationFor(agent.settings, eim.eimId)].IpaEuiccDataRequest,
    eimPackage.octets,
  )
  if (request.kind === 'failure')
    return refusePackage(agent, eim, { refused: eimPackage, error: 'invalidPackageFormat' })
  // 2. It is collected from the eUICC and from the IPA itself.
  const collected = await collectEuiccData({ agent, eim, request: request.value })
  if (collected.kind === 'failure' && isCardLost(collected)) return collected
  // 3. ESipa.ProvideEimPackageResult. What the eIM has taken over leaves the eUICC.
  const { eimTransactionId } = request.value
  const response = await agent.eim.provideEimPackageResult(eim, {
    eidValue: agent.eid,
    eimPackageResult: { kind: 'ipaEuiccDataResponse', value: toResponse(collected, eimTransactionId) },
  })
  if (response.kind === 'failure') return response
  // 4. What the eIM knows now need not be said again.
  if (collected.kind === 'data') await disclose(agent.memory, eim.eimId, disclosedBy(collected.value))
  return removeAcknowledged(agent, response.value)
}

function disclosedBy({ euiccInfo1, euiccInfo2, eumCertificate, euiccCertificate }: IpaEuiccData): Disclosed {
  return {
    ...(euiccInfo1 && { euiccInfo1: toBase64(encode(EUICCInfo1, euiccInfo1)) }),
    ...(euiccInfo2 && { euiccInfo2: toBase64(encode(EUICCInfo2, euiccInfo2)) }),
    ...(eumCertificate && { eumCertificate: toBase64(eumCertificate) }),
    ...(euiccCertificate && { euiccCertificate: toBase64(euiccCertificate) }),
  }
}

type Collected = Awaited<ReturnType<typeof collectEuiccData>>

function toResponse(collected: Collected, eimTransactionId: string | undefined): IpaEuiccDataResponse {
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  if (collected.kind === 'data') return { kind: 'ipaEuiccData', value: { ...collected.value, ...transaction } }
  const ipaEuiccDataErrorCode = collected.kind === 'refusal' ? collected.error : 'undefinedError'
  return { kind: 'ipaEuiccDataResponseError', value: { ...transaction, ipaEuiccDataErrorCode } }
}
