/**
 * Orders of the onomondo dialect (onomondo-eim, doc/rest_api.md and contrib/rest_api_resource_schema.json) as orders of this eIM. An ICCID is the
 * hexadecimal of its ten octets. Names are those of SGP.32 v1.0, as that eIM has them, or of v1.2.
 */
import { decode, fromHex } from '../../../protocol/ber/index.ts'
import { octetsToIccid } from '../../../protocol/identifiers/index.ts'
import { EimConfigurationData } from '../../../protocol/sgp32/index.ts'
import type { EcoOrder, EimConfiguration, PackageOrder, PsmoOrder, PsmoParameters } from '../model.ts'
import { toTags } from '../orders.ts'
import type { Facility } from './resources.ts'

type Json = Readonly<Record<string, unknown>>

/** What cannot be understood of an order. */
class OrderError extends Error {
  override readonly name = 'OrderError'
}

const misunderstood = (): never => {
  throw new OrderError('the order cannot be understood')
}

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : misunderstood()
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) && value.length > 0 ? value : misunderstood()
const text = (value: unknown): string => (typeof value === 'string' ? value : misunderstood())
const hex = (value: unknown): string =>
  /^([0-9A-Fa-f]{2})+$/.test(text(value)) ? text(value).toLowerCase() : misunderstood()
const flag = (value: unknown): boolean =>
  value === undefined || typeof value === 'boolean' ? value === true : misunderstood()
const iccid = (value: unknown): { readonly iccid: string } => ({ iccid: octetsToIccid(fromHex(hex(value))) })
const optional = <T>(name: string, value: unknown, read: (value: unknown) => T) =>
  value === undefined ? {} : { [name]: read(value) }

/** The one member of an object, by the table of what there is. */
function alternative<T>(rows: Readonly<Record<string, (value: Json) => T>>, value: unknown): T {
  const [member, another] = Object.entries(object(value))
  if (!member || another || !Object.hasOwn(rows, member[0])) return misunderstood()
  return rows[member[0]]?.(object(member[1])) ?? misunderstood()
}

/** Unverified: how v1.2 is spelt, which that eIM does not speak. */
const psmos: Readonly<Record<string, (value: Json) => PsmoOrder>> = {
  enable: (value) => ({ enable: { ...iccid(value['iccid']), rollback: flag(value['rollback']) } }),
  disable: (value) => ({ disable: iccid(value['iccid']) }),
  delete: (value) => ({ delete: iccid(value['iccid']) }),
  listProfileInfo: ({ searchCriteria, tagList }) => ({
    listProfileInfo: {
      ...optional('searchCriteria', searchCriteria, searchedFor),
      ...optional('tagList', tagList, hex),
    },
  }),
  getRAT: () => ({ getRAT: {} }),
  configureAutoEnable: (value) => ({
    configureImmediateEnable: immediately(value['autoEnableFlag'], value['smdpOid'], value['smdpAddress']),
  }),
  configureImmediateEnable: (value) => ({
    configureImmediateEnable: immediately(
      value['immediateEnableFlag'],
      value['defaultSmdpOid'],
      value['defaultSmdpAddress'],
    ),
  }),
  setFallbackAttribute: (value) => ({ setFallbackAttribute: iccid(value['iccid']) }),
  unsetFallbackAttribute: () => ({ unsetFallbackAttribute: {} }),
  setDefaultDpAddress: (value) => ({ setDefaultDpAddress: { defaultDpAddress: text(value['defaultDpAddress']) } }),
}

const immediately = (enable: unknown, oid: unknown, address: unknown): PsmoParameters['configureImmediateEnable'] => ({
  immediateEnableFlag: flag(enable),
  ...optional('defaultSmdpOid', oid, text),
  ...optional('defaultSmdpAddress', address, text),
})

/** By its number; 0 is the first. */
const profileClasses = ['test', 'provisioning', 'operational'] as const

function searchedFor(value: unknown): NonNullable<PsmoParameters['listProfileInfo']['searchCriteria']> {
  const criteria = object(value)
  if (criteria['isdpAid'] !== undefined) return { isdpAid: hex(criteria['isdpAid']) }
  if (criteria['iccid'] !== undefined) return iccid(criteria['iccid'])
  return { profileClass: profileClasses[Number(criteria['profileClass'])] ?? misunderstood() }
}

const ecos: Readonly<Record<string, (value: Json) => EcoOrder>> = {
  addEim: (value) => ({ addEim: configuration(value['eimConfigurationData']) }),
  deleteEim: (value) => ({ deleteEim: { eimId: text(value['eimId']) } }),
  updateEim: (value) => ({ updateEim: configuration(value['eimConfigurationData']) }),
  listEim: () => ({ listEim: {} }),
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')

/** DER of EimConfigurationData, in hexadecimal. */
function configuration(value: unknown): EimConfiguration {
  const { eimPublicKeyData, trustedPublicKeyDataTls, euiccCiPKId, indirectProfileDownload, ...rest } = decode(
    EimConfigurationData,
    fromHex(hex(value)),
  )
  return {
    ...rest,
    ...(eimPublicKeyData && {
      eimPublicKeyData: { [eimPublicKeyData.kind]: base64(eimPublicKeyData.value) } as never,
    }),
    ...(trustedPublicKeyDataTls && {
      trustedPublicKeyDataTls: { [trustedPublicKeyDataTls.kind]: base64(trustedPublicKeyDataTls.value) } as never,
    }),
    ...(euiccCiPKId && { euiccCiPKId: Buffer.from(euiccCiPKId).toString('hex') }),
    ...(indirectProfileDownload && { indirectProfileDownload }),
  }
}

/** Tags of IpaEuiccData that SGP.32 v1.0 gives other numbers: the default SM-DP+ address, capabilities, the list of notifications. */
const tagsOfV10: Readonly<Record<string, string>> = { '80': '81', '88': 'a8', '89': 'a9', bf2b: 'a0' }

const dataTags = (value: unknown): string =>
  toTags(hex(value))
    .map((tag) => tag.toString(16).padStart(2, '0'))
    .map((tag) => tagsOfV10[tag] ?? tag)
    .join('')

/** How an order of each facility is understood, and what its outcome says when it is not. */
const rows: Readonly<Record<Exclude<Facility, 'euicc'>, Row>> = {
  download: {
    read: (order) => ({ download: { activationCode: text(object(order['download'])['activationCode']) } }),
    error: 'badOrder',
  },
  psmo: {
    read: (order) => ({ psmo: list(order['psmo']).map((one) => alternative(psmos, one)) }),
    error: 'badPsmo',
  },
  eco: {
    read: (order) => ({ eco: list(order['eco']).map((one) => alternative(ecos, one)) }),
    error: 'badEco',
  },
  edr: {
    read: (order) => ({ data: { tagList: dataTags(object(order['edr'])['tagList']) } }),
    error: 'badEdr',
  },
}

interface Row {
  readonly read: (order: Json) => PackageOrder
  readonly error: string
}

export type ReadOrder = { readonly order: PackageOrder } | { readonly procedureError: string }

export function readOrder(facility: Exclude<Facility, 'euicc'>, order: unknown): ReadOrder {
  const { read, error } = rows[facility]
  try {
    return { order: read(object(order)) }
  } catch {
    return { procedureError: error }
  }
}

export const badOrder = (facility: Exclude<Facility, 'euicc'>): string => rows[facility].error
