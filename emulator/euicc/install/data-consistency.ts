/** Whether the files of a profile are those of its metadata: SGP.22 v2.5, 5.5.5. */
import { equalOctets, toSwappedHex } from '../../../protocol/ber/index.ts'
import { aids } from '../../../protocol/codes/index.ts'
import { octetsToIccid } from '../../../protocol/identifiers/index.ts'
import type { OperatorId } from '../../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import { MF } from '../card/channels.ts'
import { contentOf, type PlacedFiles, pathOf } from '../card/files.ts'
import { type Check, firstFailing } from '../check.ts'
import { beginsWith } from './file-system.ts'

const EF_ICCID = 0x2fe2
const EF_IMSI = 0x6f07
const EF_GID1 = 0x6f3e
const EF_GID2 = 0x6f3f

interface Facts {
  readonly metadata: StoreMetadataRequest
  readonly files: PlacedFiles
  /** Path of the directory. */
  readonly usim: string
}

/** A file that a profile does not have agrees with everything, unless its owner is named by it. */
const checks: readonly Check<Facts>[] = [
  {
    id: 'ef-iccid-of-metadata',
    holds({ files, metadata }) {
      const iccid = transparentIn(files, MF, EF_ICCID)
      return iccid === undefined || octetsToIccid(iccid) === metadata.iccid
    },
  },
  {
    id: 'ef-imsi-of-owner',
    holds({ files, usim, metadata: { profileOwner } }) {
      const imsi = profileOwner && transparentIn(files, usim, EF_IMSI)
      return !imsi || imsiOf(imsi).startsWith(plmnOf(profileOwner))
    },
  },
  { id: 'ef-gid1-of-owner', holds: (facts) => isGroup(facts, facts.metadata.profileOwner?.gid1, EF_GID1) },
  { id: 'ef-gid2-of-owner', holds: (facts) => isGroup(facts, facts.metadata.profileOwner?.gid2, EF_GID2) },
]

/** Id of the check that does not hold. */
export function dataMismatch(files: PlacedFiles, metadata: StoreMetadataRequest): string | undefined {
  return firstFailing(checks, { metadata, files, usim: files.find(isUsim)?.path ?? MF })?.id
}

const isUsim = ({ file }: PlacedFiles[number]): boolean =>
  file.kind === 'directory' && file.aid !== undefined && beginsWith(file.aid, aids.usim)

/** By its identifier first: paths are long, and alike. */
function transparentIn(files: PlacedFiles, directory: string, fileID: number): Uint8Array | undefined {
  const path = pathOf(directory, fileID)
  for (let i = files.length - 1; i >= 0; i--) {
    const placed = files[i] as PlacedFiles[number]
    if (placed.file.fileID === fileID && placed.path === path)
      return placed.file.kind === 'transparent' ? contentOf(placed.file) : undefined
  }
  return undefined
}

/** Trailing FF of the file are padding. */
function isGroup({ files, usim }: Facts, wanted: Uint8Array | undefined, fileID: number): boolean {
  if (wanted === undefined || wanted.length === 0) return true
  const content = transparentIn(files, usim, fileID)
  return (
    content !== undefined &&
    equalOctets(content.subarray(0, wanted.length), wanted) &&
    content.subarray(wanted.length).every((octet) => octet === 0xff)
  )
}

/** EF.IMSI: 3GPP TS 31.102, 4.2.2. The first octet is the length; the low half of the second is a parity. */
function imsiOf(octets: Uint8Array): string {
  const digits = toSwappedHex(octets)
  let end = digits.length
  while (digits[end - 1] === 'F') end--
  return digits.slice(3, Math.max(3, end))
}

/** MCC and MNC: 3GPP TS 24.008, 10.5.1.3. The third digit of the MNC stands in the middle; F when there is none. */
function plmnOf({ mccMnc }: OperatorId): string {
  const digits = toSwappedHex(mccMnc)
  const [mcc, third, mnc] = [digits.slice(0, 3), digits.slice(3, 4), digits.slice(4)]
  return mcc + mnc + (third === 'F' ? '' : third)
}
