/** What an order must fulfil besides its shape: SGP.32 v1.2, 2.11.1.1, and SGP.22 v2.5, 4.1, for an activation code. */
import { encode } from '../../protocol/ber/index.ts'
import { parseActivationCode } from '../../protocol/identifiers/index.ts'
import type { Sgp32Codec } from '../../protocol/sgp32/index.ts'
import { toDataRequest } from './data-request.ts'
import type { DownloadOrder, PackageOrder, PsmoName } from './model.ts'
import { psmoNames, toEuiccPackage } from './orders.ts'

const changesProfiles: readonly PsmoName[] = ['enable', 'disable', 'delete']
const count = (names: readonly PsmoName[], name: PsmoName) => names.filter((one) => one === name).length

interface CombinationRule {
  readonly id: string
  readonly holds: (names: readonly PsmoName[]) => boolean
  readonly otherwise: string
}

/** Of the PSMOs in one package. */
export const combinationRules: readonly CombinationRule[] = [
  {
    id: 'one-enable',
    holds: (names) => count(names, 'enable') <= 1,
    otherwise: 'A package has at most one enable.',
  },
  {
    id: 'one-disable',
    holds: (names) => count(names, 'disable') <= 1,
    otherwise: 'A package has at most one disable.',
  },
  {
    id: 'disable-before-enable',
    holds: (names) => !names.includes('enable') || names.lastIndexOf('disable') < names.indexOf('enable'),
    otherwise: 'A disable must not follow an enable.',
  },
  {
    id: 'list-before-change',
    holds: (names) =>
      names.slice(0, names.lastIndexOf('listProfileInfo') + 1).every((name) => !changesProfiles.includes(name)),
    otherwise: 'A listProfileInfo must not follow an enable, disable or delete.',
  },
]

/** The rule that the order breaks, in words. */
export function brokenRule(order: PackageOrder, codec: Sgp32Codec): string | undefined {
  if ('download' in order) return brokenDownload(order.download)
  if ('data' in order) return unencodable(() => encode(codec.IpaEuiccDataRequest, toDataRequest(order.data, '00')))
  const names = psmoNames(order)
  return (
    combinationRules.find((rule) => !rule.holds(names))?.otherwise ??
    unencodable(() => encode(codec.EuiccPackage, toEuiccPackage(order)))
  )
}

function brokenDownload(order: DownloadOrder): string | undefined {
  const { activationCode, indirect, confirmationCode } = order
  if (activationCode === undefined && (indirect || confirmationCode !== undefined))
    return 'Only with an activation code can the eIM name the SM-DP+ and answer for a confirmation code.'
  return activationCode === undefined ? undefined : brokenActivationCode(activationCode)
}

function brokenActivationCode(text: string): string | undefined {
  const parsed = parseActivationCode(text)
  return 'error' in parsed ? `No activation code: ${parsed.error}.` : undefined
}

/** What JSON can say and the ASN.1 cannot, for example a key that is no DER. */
function unencodable(attempt: () => Uint8Array): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return `The order cannot be encoded: ${(error as Error).message}.`
  }
}
