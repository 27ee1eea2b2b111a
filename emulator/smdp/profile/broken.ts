/** Profiles that a card must refuse: each a layer around correct binding. The card's reason is checked on the card of this testbed. */
import { concatOctets, decode, encode, fromHex, octetString } from '../../../protocol/ber/index.ts'
import { privateKeyFromSeed } from '../../../protocol/crypto/index.ts'
import { elementHeader, ProfileElement, readProfile } from '../../../protocol/saip/index.ts'
import type { ErrorResult } from '../../../protocol/sgp22/index.ts'
import { type BindingInput, BoundSegments, bindProfile } from '../bind.ts'
import type { Tools } from '../tools.ts'
import { ownFile } from './elements.ts'

interface FaultRow {
  readonly summary: string
  /** errorReason of the ProfileInstallationResult. */
  readonly provokes: ErrorResult['errorReason']
  /** Before the package is bound, and after. */
  readonly input?: (input: BindingInput) => BindingInput
  readonly bound?: (boundProfilePackage: Uint8Array) => Uint8Array
}

type Elements = readonly ProfileElement[]

const elements =
  (change: (elements: Elements) => Elements) =>
  (input: BindingInput): BindingInput => {
    const changed = change(readProfile(input.profilePackage))
    return { ...input, profilePackage: concatOctets(...changed.map((element) => encode(ProfileElement, element))) }
  }

type Header = Extract<ProfileElement, { kind: 'header' }>['value']

const header = (change: (header: Header) => Partial<Header>) =>
  elements((all) =>
    all.map((element) =>
      element.kind === 'header' ? { ...element, value: { ...element.value, ...change(element.value) } } : element,
    ),
  )

const beforeEnd = (...more: Elements) => elements((all) => [...all.slice(0, -1), ...more, ...all.slice(-1)])

const metadata =
  (change: (metadata: BindingInput['metadata']) => BindingInput['metadata']) =>
  (input: BindingInput): BindingInput => ({ ...input, metadata: change(input.metadata) })

/** PE-Dummy of identification 112, mandated. */
const dummy: ProfileElement = {
  kind: 'rfu1',
  value: {
    octets: fromHex('ab0aa00580008101708101aa'),
    value: { header: { mandated: true, identification: 112 } },
  },
}

const twice = (all: Elements): Elements => {
  const identification = elementHeader(all[1] as ProfileElement)?.identification ?? 1
  const again = ownFile(0, 1).make({ mandated: true, identification }, {} as never)
  return [...all.slice(0, -1), again, ...all.slice(-1)]
}

const Segment87 = octetString(0x87)

/** 130 files of 8 kB: more than the card has. */
const bulk: Elements = Array.from({ length: 130 }, (_, number) =>
  ownFile(number % 32, 8192).make({ mandated: true, identification: 200 + number }, {} as never),
)

export const brokenProfiles = {
  'other-iccid': {
    summary: 'The header names another ICCID than the metadata.',
    provokes: 'installFailedDueToDataMismatch',
    input: header(() => ({ iccid: fromHex('89000000000000000000') })),
  },
  'other-owner': {
    summary: 'EF.IMSI is not of the operator that the metadata names.',
    provokes: 'installFailedDueToDataMismatch',
    input: metadata((before) => ({ ...before, profileOwner: { mccMnc: fromHex('99f999') } })),
  },
  'unsupported-version': {
    summary: 'A profile package of version 9.',
    provokes: 'installFailedDueToPEProcessingError',
    input: header(() => ({ 'major-version': 9 })),
  },
  'unsupported-service': {
    summary: 'A mandatory service that the card does not have: contactless.',
    provokes: 'installFailedDueToPEProcessingError',
    input: header((before) => ({
      'eUICC-Mandatory-services': { ...before['eUICC-Mandatory-services'], contactless: true },
    })),
  },
  'unknown-file-template': {
    summary: 'A mandatory file template that nobody has.',
    provokes: 'installFailedDueToPEProcessingError',
    input: header((before) => ({
      'eUICC-Mandatory-GFSTEList': [...before['eUICC-Mandatory-GFSTEList'], '2.23.143.1.2.99'],
    })),
  },
  'unknown-mandated-element': {
    summary: 'A mandated element of a kind that is reserved.',
    provokes: 'installFailedDueToPEProcessingError',
    input: beforeEnd(dummy),
  },
  'duplicate-identification': {
    summary: 'Two elements with the same identification.',
    provokes: 'installFailedDueToPEProcessingError',
    input: elements(twice),
  },
  'missing-header': {
    summary: 'No ProfileHeader.',
    provokes: 'installFailedDueToPEProcessingError',
    input: elements((all) => all.slice(1)),
  },
  'missing-file-system': {
    summary: 'No MF.',
    provokes: 'installFailedDueToPEProcessingError',
    input: elements((all) => all.filter(({ kind }) => kind !== 'mf')),
  },
  'missing-service': {
    summary: 'The header promises Milenage, and no element has it.',
    provokes: 'installFailedDueToPEProcessingError',
    input: elements((all) => all.filter(({ kind }) => kind !== 'akaParameter')),
  },
  'missing-end': {
    summary: 'No PE-End.',
    provokes: 'installFailedDueToPEProcessingError',
    input: elements((all) => all.slice(0, -1)),
  },
  'unreadable-element': {
    summary: 'An element whose octets are not those of its kind.',
    provokes: 'installFailedDueToPEProcessingError',
    input: (input) => ({ ...input, profilePackage: concatOctets(input.profilePackage, fromHex('a002ffff')) }),
  },
  'too-large': {
    summary: 'More than a megabyte of files.',
    provokes: 'installFailedDueToInsufficientMemoryForProfile',
    input: beforeEnd(...bulk),
  },
  'icon-without-type': {
    summary: 'Metadata with an icon of no type.',
    provokes: 'incorrectInputValues',
    input: metadata(({ iconType: _, ...before }) => ({ ...before, icon: Uint8Array.of(1) })),
  },
  'rules-without-owner': {
    summary: 'Metadata with a policy rule and no owner that might set it.',
    provokes: 'pprNotAllowed',
    input: metadata(({ profileOwner: _, ...before }) => ({ ...before, profilePolicyRules: ['ppr2'] })),
  },
  'other-transaction': {
    summary: 'The secure channel is for another transaction.',
    provokes: 'invalidTransactionId',
    input: (input) => ({ ...input, transactionId: '00' }),
  },
  'wrong-signature': {
    summary: 'The secure channel is signed by another key.',
    provokes: 'invalidSignature',
    input: (input) => ({ ...input, dpPb: privateKeyFromSeed(input.dpPb.curve, new Uint8Array(32), 'another SM-DP+') }),
  },
  'unsupported-key-type': {
    summary: 'Session keys of a type that is not AES.',
    provokes: 'unsupportedCrtValues',
    bound: replacing('800188810110', '800189810110'),
  },
  'wrong-session-keys': {
    summary: 'Segments are protected with other keys than those agreed on.',
    provokes: 'scp03tSecurityError',
    input: (input) => ({ ...input, sharedSecret: input.sharedSecret.map((octet) => octet ^ 1) }),
  },
  'cut-segment': {
    summary: 'The first protected segment is short of an octet.',
    provokes: 'scp03tStructureError',
    bound(octets) {
      const segments = decode(BoundSegments, octets)
      const cut = segments.firstSequenceOf87.map((tlv) => encode(Segment87, decode(Segment87, tlv).slice(1)))
      return encode(BoundSegments, { ...segments, firstSequenceOf87: cut })
    },
  },
} as const satisfies Record<string, FaultRow>
export type BrokenProfileName = keyof typeof brokenProfiles

/** The first occurrence, of the same length. */
function replacing(from: string, to: string) {
  return (octets: Uint8Array): Uint8Array => {
    const changed = Buffer.from(octets)
    changed.set(fromHex(to), changed.indexOf(fromHex(from)))
    return new Uint8Array(changed)
  }
}

const asItIs: Pick<FaultRow, 'input' | 'bound'> = {}

/** Binding, with the layer of the fault around it when there is one. */
export function bindWith(fault: BrokenProfileName | undefined, input: BindingInput, tools: Tools): Uint8Array {
  const layer: Pick<FaultRow, 'input' | 'bound'> = fault === undefined ? asItIs : brokenProfiles[fault]
  const boundProfilePackage = bindProfile(layer.input?.(input) ?? input, tools)
  return layer.bound?.(boundProfilePackage) ?? boundProfilePackage
}
