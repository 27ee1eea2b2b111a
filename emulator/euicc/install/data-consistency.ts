/** Whether the files of a profile are those of its metadata: SGP.22 v2.5, 5.5.5. */
import { equalOctets, toHex } from '../../../protocol/ber/index.ts'
import { aids } from '../../../protocol/codes/index.ts'
import { octetsToIccid } from '../../../protocol/identifiers/index.ts'
import type { OperatorId } from '../../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import { MF } from '../card/channels.ts'
import { contentOf, fileAt, type PlacedFiles, pathOf } from '../card/files.ts'
import { type Check, firstFailing } from '../check.ts'

const EF_ICCID = 0x2fe2
const EF_IMSI = 0x6f07
const EF_GID1 = 0x6f3e
const EF_GID2 = 0x6f3f

interface Facts {
  readonly metadata: StoreMetadataRequest
  readonly iccid: Uint8Array | undefined
  readonly imsi: Uint8Array | undefined
  readonly gid1: Uint8Array | undefined
  readonly gid2: Uint8Array | undefined
}

/** A file that a profile does not have agrees with everything, unless its owner is named by it. */
const checks: readonly Check<Facts>[] = [
  {
    id: 'ef-iccid-of-metadata',
    holds: ({ iccid, metadata }) => iccid === undefined || octetsToIccid(iccid) === metadata.iccid,
  },
  {
    id: 'ef-imsi-of-owner',
    holds: ({ imsi, metadata: { profileOwner } }) =>
      imsi === undefined || profileOwner === undefined || imsiOf(imsi).startsWith(plmnOf(profileOwner)),
  },
  { id: 'ef-gid1-of-owner', holds: ({ gid1, metadata }) => isGroup(metadata.profileOwner?.gid1, gid1) },
  { id: 'ef-gid2-of-owner', holds: ({ gid2, metadata }) => isGroup(metadata.profileOwner?.gid2, gid2) },
]

/** Id of the check that does not hold. */
export function dataMismatch(files: PlacedFiles, metadata: StoreMetadataRequest): string | undefined {
  const usim = files.find(isUsim)?.path ?? MF
  const facts = {
    metadata,
    iccid: transparentAt(files, pathOf(MF, EF_ICCID)),
    imsi: transparentAt(files, pathOf(usim, EF_IMSI)),
    gid1: transparentAt(files, pathOf(usim, EF_GID1)),
    gid2: transparentAt(files, pathOf(usim, EF_GID2)),
  }
  return firstFailing(checks, facts)?.id
}

const isUsim = ({ file }: PlacedFiles[number]): boolean =>
  file.kind === 'directory' && aids.usim.every((octet, i) => octet === file.aid?.[i])

function transparentAt(files: PlacedFiles, path: string): Uint8Array | undefined {
  const file = fileAt(files, path)
  return file?.kind === 'transparent' ? contentOf(file) : undefined
}

/** Trailing FF of the file are padding. */
function isGroup(wanted: Uint8Array | undefined, content: Uint8Array | undefined): boolean {
  if (wanted === undefined || wanted.length === 0) return true
  return (
    content !== undefined &&
    equalOctets(content.subarray(0, wanted.length), wanted) &&
    content.subarray(wanted.length).every((octet) => octet === 0xff)
  )
}

function swapped(octets: Uint8Array): string {
  const hex = toHex(octets)
  let text = ''
  for (let i = 0; i < hex.length; i += 2) text += hex.charAt(i + 1) + hex.charAt(i)
  return text
}

/** EF.IMSI: 3GPP TS 31.102, 4.2.2. The first octet is the length; the low half of the second is a parity. */
const imsiOf = (octets: Uint8Array): string => swapped(octets.subarray(1)).slice(1).replace(/f+$/, '')

/** MCC and MNC: 3GPP TS 24.008, 10.5.1.3. The third digit of the MNC stands in the middle; F when there is none. */
function plmnOf({ mccMnc }: OperatorId): string {
  const digits = swapped(mccMnc)
  const [mcc, third, mnc] = [digits.slice(0, 3), digits.slice(3, 4), digits.slice(4)]
  return mcc + mnc + (third === 'f' ? '' : third)
}
