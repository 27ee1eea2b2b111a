/** Templates in the answer to SELECT: ETSI TS 102 221, 11.1.1.3 (FCP); GlobalPlatform Card Specification 2.3, 11.9.3.1 (FCI). */
import { concatOctets, encode, octetString, optional, sequence, slice } from '../../../protocol/ber/index.ts'
import { aids } from '../../../protocol/codes/index.ts'
import { ISDRProprietaryApplicationTemplate } from '../../../protocol/sgp22/index.ts'
import { ISDRProprietaryApplicationTemplateIoT } from '../../../protocol/sgp32/index.ts'
import type { EuiccState } from '../state.ts'
import { type CardFile, sizeOf } from './files.ts'

const MF_IDENTIFIER = 0x3f00

/** The order of the tags is the one that commercial cards have. */
const Fcp = sequence(0x62, {
  fileDescriptor: octetString(0x82),
  fileIdentifier: octetString(0x83),
  dfName: optional(octetString(0x84)),
  proprietary: optional(slice()),
  lifeCycleStatus: octetString(0x8a),
  securityAttributes: octetString(0x8b),
  fileSize: optional(octetString(0x80)),
  shortFileIdentifier: optional(octetString(0x88)),
  pinStatus: optional(slice()),
})

const Fci = sequence(0x6f, {
  dfName: octetString(0x84),
  proprietary: sequence(0xa5, { maximumDataLength: octetString(0x9f65) }),
  isdr: optional(ISDRProprietaryApplicationTemplate),
  isdrIot: optional(ISDRProprietaryApplicationTemplateIoT),
})

const ACTIVATED = Uint8Array.of(0x05)
const READ_ALWAYS = Uint8Array.of(0x2f, 0x06, 0x01)
/** UICC characteristics; support of TERMINAL CAPABILITY. */
const MF_PROPRIETARY = Uint8Array.of(0xa5, 0x06, 0x80, 0x01, 0x71, 0x87, 0x01, 0x01)
const DF_PROPRIETARY = Uint8Array.of(0xa5, 0x03, 0x80, 0x01, 0x71)
/** Of a directory that names none: the PIN of application 1. */
const DEFAULT_PINS = [0x01]

const uint16 = (value: number) => Uint8Array.of(value >> 8, value & 0xff)

type IsEnabled = (reference: number) => boolean

/** `isEnabled` tells of the PINs that count in the directory. */
export function encodeFcp(file: CardFile, isEnabled: IsEnabled): Uint8Array {
  return encode(Fcp, {
    fileIdentifier: uint16(file.fileID),
    lifeCycleStatus: ACTIVATED,
    securityAttributes: file.accessRule ?? READ_ALWAYS,
    ...(file.kind === 'directory' ? directoryFields(file, isEnabled) : elementaryFields(file)),
  })
}

type Directory = Extract<CardFile, { kind: 'directory' }>

function directoryFields({ fileID, aid, pins = DEFAULT_PINS }: Directory, isEnabled: IsEnabled) {
  return {
    fileDescriptor: Uint8Array.of(0x78, 0x21),
    ...(aid && { dfName: aid }),
    proprietary: fileID === MF_IDENTIFIER ? MF_PROPRIETARY : DF_PROPRIETARY,
    pinStatus: pinStatus(pins, isEnabled),
  }
}

/** A bit for each PIN, the highest for the first: whether it is enabled. ETSI TS 102 221, 9.5.2. */
function pinStatus(references: readonly number[], isEnabled: IsEnabled): Uint8Array {
  const bits = new Uint8Array(Math.ceil(references.length / 8))
  for (const [i, reference] of references.entries())
    if (isEnabled(reference)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (0x80 >> (i & 7))
  const list = [0x90, bits.length, ...bits, ...references.flatMap((reference) => [0x83, 0x01, reference])]
  return Uint8Array.of(0xc6, list.length, ...list)
}

function elementaryFields(file: Exclude<CardFile, { kind: 'directory' }>) {
  const shortFileIdentifier = file.shortFileID === undefined ? new Uint8Array() : Uint8Array.of(file.shortFileID << 3)
  if (file.kind === 'transparent')
    return { fileDescriptor: Uint8Array.of(0x41, 0x21), fileSize: uint16(sizeOf(file)), shortFileIdentifier }
  const { recordSize } = file
  const structure = file.kind === 'cyclic' ? 0x46 : 0x42
  const records = sizeOf(file) / recordSize
  return {
    fileDescriptor: concatOctets(Uint8Array.of(structure, 0x21), uint16(recordSize), Uint8Array.of(records)),
    fileSize: uint16(sizeOf(file)),
    shortFileIdentifier,
  }
}

/** Octets that one command can carry. */
const proprietary = { maximumDataLength: Uint8Array.of(0xff) }

/** SGP.22 v2.5, 5.7.1 and SGP.32 v1.2, 5.9.2. One for IoT says whether a profile is enabled; not yet in SGP.32 v1.0.1. */
export function encodeIsdrFci({ product, memory }: EuiccState): Uint8Array {
  return encode(Fci, {
    dfName: aids.isdR,
    proprietary,
    isdr: { svn: product.capabilities.svn },
    ...(product.personality === 'iot' &&
      product.specification === '1.2' && {
        isdrIot: { euiccConfiguration: memory.enabled === undefined ? [] : ['enabledProfile'] },
      }),
  })
}

export const encodeEcasdFci = (): Uint8Array => encode(Fci, { dfName: aids.ecasd, proprietary })
