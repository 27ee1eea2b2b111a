/** How a card reads an eUICC package: SGP.32 v1.2, 2.11.1.1. One operation at a time: what stands before a damaged one is still executed. */
import {
  captured,
  choice,
  decode,
  integer,
  optional,
  sequence,
  sequenceOf,
  slice,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import { EidValue, Signature } from '../../../protocol/sgp22/index.ts'
import { EimId, EimTransactionId } from '../../../protocol/sgp32/index.ts'

const operations = (tag: number) => sequenceOf(tag, slice())

export const PackageSigned = sequence(0x30, {
  eimId: EimId,
  eidValue: EidValue,
  counterValue: integer(0x81),
  eimTransactionId: optional(EimTransactionId),
  euiccPackage: choice('EuiccPackage', { psmoList: operations(0xa0), ecoList: operations(0xa1) }),
})
export type PackageSigned = ValueOf<typeof PackageSigned>

/** EuiccPackageRequest, its operations unread. */
export const PackageRequest = sequence(0xbf51, { euiccPackageSigned: captured(PackageSigned), eimSignature: Signature })
export type PackageRequest = ValueOf<typeof PackageRequest>

/** Whom to answer when the rest cannot be read. */
export function readSender(request: Uint8Array): { readonly eimId: string } {
  try {
    return decode(Sender, request).euiccPackageSigned
  } catch {
    return { eimId: '' }
  }
}

const Sender = sequence(0xbf51, { euiccPackageSigned: sequence(0x30, { eimId: EimId }) })
