/** Orders and outcomes in the words of onomondo-eim: doc/rest_api.md and contrib/rest_api_response_schema.json there. ICCIDs are the hexadecimal of their octets on the card. */
import { iccidToOctets, octetsToIccid } from '../../protocol/identifiers/index.ts'
import type { Facility } from './onomondo-http.ts'
import type { OrderRefused, PackageOrder, PackageResult, Profile, Psmo } from './platform.ts'

type Json = Readonly<Record<string, unknown>>

export type Worded = { readonly facility: Facility; readonly order: unknown } | OrderRefused

const refused = (detail: string): OrderRefused => ({ kind: 'refused', detail })

/** The only way to know the profiles of a card. SGP.32 does not let it stand behind an enable in one package, so it is a package of its own. */
export const listing = { facility: 'psmo', order: { psmo: [{ listProfileInfo: {} }] } } as const

/** What the dialect cannot carry is refused here, before anything has happened. */
export const wordedOrder = (order: PackageOrder): Worded => {
  if ('download' in order) return { facility: 'download', order }
  const [psmo, another] = order.psmo
  if (!psmo || another) return refused('One operation in a package, through this eIM.')
  if ('setFallbackAttribute' in psmo) return refused('This eIM speaks SGP.32 v1.0, which has no fallback attribute.')
  return { facility: 'psmo', order: { psmo: [onTheCard(psmo)] } }
}

const onTheCard = (psmo: Psmo) =>
  Object.fromEntries(Object.entries(psmo).map(([name, { iccid, ...rest }]) => [name, { iccid: toHex(iccid), ...rest }]))

const toHex = (iccid: string): string => Buffer.from(iccidToOctets(iccid)).toString('hex').toUpperCase()
const toIccid = (hex: unknown): string | undefined => {
  if (typeof hex !== 'string' || !/^([0-9a-f]{2}){10}$/i.test(hex)) return undefined
  return octetsToIccid(new Uint8Array(Buffer.from(hex, 'hex')))
}

export interface Understood {
  readonly kind: 'result'
  readonly result: PackageResult
  /** All of the eUICC's, where it was asked. */
  readonly profiles?: readonly Profile[]
}

/** How an order has ended. */
export const understood = (facility: Facility, outcome: readonly unknown[]): Understood | { kind: 'cancelled' } => {
  const rows = outcome.map((row) => Object(row) as Json)
  const found = (name: string): unknown => rows.find((row) => name in row)?.[name]
  const procedureError = found('procedureError')
  if (procedureError === 'abortedOrder') return { kind: 'cancelled' }
  const said = (result: PackageResult): Understood => ({ kind: 'result', result })
  const installed = found('profileInstallationResult')
  if (installed !== undefined) return said(installation(Object(installed)))
  if (found('cancelSessionResult') !== undefined) return said({ kind: 'profileDownloadError', reason: 'cancelSession' })
  if (procedureError !== undefined)
    return said(
      facility === 'download'
        ? { kind: 'profileDownloadError', reason: String(procedureError) }
        : { kind: 'packageError', error: String(procedureError) },
    )
  const eimPackageError = found('eimPackageError')
  if (eimPackageError !== undefined) return said({ kind: 'packageError', error: String(eimPackageError) })
  const error = found('euiccPackageErrorCode')
  if (error !== undefined) return said({ kind: 'euiccPackageError', verified: true, error: String(error) })
  return operations(rows)
}

/** An installation that failed has no reason in this dialect, and one whose ICCID is not told cannot be called a success. */
const installation = ({ finalResult, iccid: hex }: Json): PackageResult => {
  const iccid = toIccid(hex)
  if (finalResult !== 'successResult')
    return { kind: 'profileDownloadError', reason: `profileInstallationResult ${String(finalResult)}` }
  return iccid === undefined
    ? { kind: 'profileDownloadError', reason: 'installed, and the eIM does not say which ICCID' }
    : { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid }
}

/** The eIM has checked the signature: what it could not verify has another outcome. */
const operations = (rows: readonly Json[]): Understood => {
  const results = rows.flatMap((row) => Object.entries(row).map(([name, value]) => resultOf(name, value)))
  const listed = rows.flatMap(({ listProfileInfoResult }) => profilesOf(Object(listProfileInfoResult))).at(-1)
  return {
    kind: 'result',
    result: { kind: 'euiccPackageResult', verified: true, results },
    ...(listed && { profiles: listed }),
  }
}

const resultOf = (name: string, value: unknown) => ({
  operation: name.replace(/Result$/, ''),
  result: typeof value === 'object' ? Object(value).finalResult : value,
})

const profilesOf = ({ finalResult, profileInfoList }: Json): readonly (readonly Profile[])[] => {
  if (finalResult !== 'successResult' || !Array.isArray(profileInfoList)) return []
  return [profileInfoList.flatMap((info) => profileOf(Object(info)))]
}

type Edit = (profiles: readonly Profile[], iccid: string) => readonly Profile[]

const edits: Readonly<Record<string, Edit>> = {
  enable: (profiles, iccid) =>
    profiles.map((profile) => ({ ...profile, state: profile.iccid === iccid ? 'enabled' : 'disabled' })),
  disable: (profiles, iccid) =>
    profiles.map((profile) => (profile.iccid === iccid ? { ...profile, state: 'disabled' } : profile)),
  delete: (profiles, iccid) => profiles.filter((profile) => profile.iccid !== iccid),
}

/** What a card has after it has carried out this order; undefined: the result does not say enough. */
export const profilesAfter = (
  before: readonly Profile[],
  order: unknown,
  result: PackageResult,
): readonly Profile[] | undefined => {
  if (result.kind === 'profileInstallationResult')
    return result.outcome === 'success' ? withNew(before, result.iccid) : before
  if (result.kind !== 'euiccPackageResult') return undefined
  const [psmo, another] = (Object(order) as { psmo?: readonly Json[] }).psmo ?? []
  const [name, parameters] = Object.entries(psmo ?? {})[0] ?? []
  const iccid = toIccid(Object(parameters).iccid)
  const isKnown = before.some((profile) => profile.iccid === iccid)
  const isDone = result.results.some((row) => row.operation === name && row.result === 'ok')
  return another || !name || iccid === undefined || !isKnown || !isDone ? undefined : edits[name]?.(before, iccid)
}

const withNew = (before: readonly Profile[], iccid: string): readonly Profile[] =>
  before.some((profile) => profile.iccid === iccid)
    ? before
    : [...before, { iccid, state: 'disabled', fallbackAttribute: false, fallbackAllowed: false }]

/** Nothing is told of fallback. */
const profileOf = ({ iccid: hex, profileState }: Json): readonly Profile[] => {
  const iccid = toIccid(hex)
  if (iccid === undefined) return []
  const state = profileState === 'enabled' ? 'enabled' : 'disabled'
  return [{ iccid, state, fallbackAttribute: false, fallbackAllowed: false }]
}
