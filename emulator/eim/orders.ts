/** Orders of the northbound door as the eUICC package or trigger that carries them. */
import { concatOctets, decode, fromHex, tagList } from '../../protocol/ber/index.ts'
import type { Eco, EimConfigurationData, EuiccPackage, Psmo } from '../../protocol/sgp32/index.ts'
import type { EcoParameters, EimConfiguration, PackageOrder, PsmoName, PsmoParameters } from './model.ts'

/** What is ordered without asking for anything: the inventory. */
export const inventoryOrder: PackageOrder = { psmo: [{ listProfileInfo: {} }] }

type Converters<Alternatives, Asn1 extends { readonly kind: string; readonly value: unknown }> = {
  readonly [Name in keyof Alternatives]: (
    parameters: Alternatives[Name],
  ) => Extract<Asn1, { readonly kind: Name }>['value']
}

const same = <T>(parameters: T): T => parameters

const psmos: Converters<PsmoParameters, Psmo> = {
  enable: ({ iccid, rollback }) => ({ iccid, ...(rollback && { rollbackFlag: true }) }),
  disable: same,
  delete: same,
  listProfileInfo: toListRequest,
  getRAT: () => ({}),
  configureImmediateEnable: ({ immediateEnableFlag, ...rest }) => ({
    ...(immediateEnableFlag && { immediateEnableFlag }),
    ...rest,
  }),
  setFallbackAttribute: same,
  unsetFallbackAttribute: () => ({}),
  setDefaultDpAddress: same,
}

const ecos: Converters<EcoParameters, Eco> = {
  addEim: toConfigurationData,
  deleteEim: same,
  updateEim: toConfigurationData,
  listEim: () => ({}),
}

function toConfigurationData(configuration: EimConfiguration): EimConfigurationData {
  const { eimPublicKeyData, trustedPublicKeyDataTls, euiccCiPKId, indirectProfileDownload, ...rest } = configuration
  return {
    ...rest,
    ...(eimPublicKeyData && { eimPublicKeyData: toChoice(eimPublicKeyData) }),
    ...(trustedPublicKeyDataTls && { trustedPublicKeyDataTls: toChoice(trustedPublicKeyDataTls) }),
    ...(euiccCiPKId !== undefined && { euiccCiPKId: fromHex(euiccCiPKId) }),
    ...(indirectProfileDownload && { indirectProfileDownload }),
  }
}

type ListRequest = Extract<Psmo, { readonly kind: 'listProfileInfo' }>['value']

function toListRequest({ searchCriteria, tagList }: PsmoParameters['listProfileInfo']): ListRequest {
  return {
    ...(searchCriteria && { searchCriteria: toSearchCriteria(searchCriteria) }),
    ...(tagList !== undefined && { tagList: toTags(tagList) }),
  }
}

function toSearchCriteria(criteria: NonNullable<PsmoParameters['listProfileInfo']['searchCriteria']>) {
  if ('isdpAid' in criteria) return { kind: 'isdpAid', value: fromHex(criteria.isdpAid) } as const
  if ('iccid' in criteria) return { kind: 'iccid', value: criteria.iccid } as const
  return { kind: 'profileClass', value: criteria.profileClass } as const
}

/** The tags of a tagList in hexadecimal. Throws DecodeError when it ends inside of one. */
export function toTags(hex: string): readonly number[] {
  const octets = fromHex(hex)
  return decode(tagList(), concatOctets(Uint8Array.of(0x5c, octets.length), octets))
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

/** The one member of an object: its name and its value. */
export function onlyMember<T extends object>(value: T): { readonly name: string; readonly value: unknown } {
  const [member] = Object.entries(value)
  if (!member) throw new Error('an alternative without a member')
  return { name: member[0], value: member[1] }
}

function toChoice<Kind extends string>(value: { readonly [K in Kind]?: string }): { kind: Kind; value: Uint8Array } {
  const member = onlyMember(value)
  return { kind: member.name as Kind, value: fromBase64(String(member.value)) }
}

/** The alternative of a CHOICE that the member names. The rows of the table say how it is told there. */
function convert<Asn1>(rows: Readonly<Record<string, (parameters: never) => unknown>>, order: object): Asn1 {
  const { name, value } = onlyMember(order)
  return { kind: name, value: rows[name]?.(value as never) } as Asn1
}

export function toEuiccPackage(order: PackageOrder): EuiccPackage {
  if ('psmo' in order) return { kind: 'psmoList', value: order.psmo.map((one) => convert<Psmo>(psmos, one)) }
  if ('eco' in order) return { kind: 'ecoList', value: order.eco.map((one) => convert<Eco>(ecos, one)) }
  throw new Error('a download or a data request is no eUICC package')
}

export const psmoNames = (order: PackageOrder): readonly PsmoName[] =>
  'psmo' in order ? order.psmo.map((one) => onlyMember(one).name as PsmoName) : []
