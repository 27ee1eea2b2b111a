/** Codes and keys of a profile package: TCA eUICC Profile Package 3.3.1, 8.4 to 8.6. They belong to the application whose element came last. */
import { toHex } from '../../../protocol/ber/index.ts'
import { aids } from '../../../protocol/codes/index.ts'
import { standardConstants } from '../../../protocol/crypto/index.ts'
import { type ElementOf, type ProfileElement, pinReferences, pukReferences } from '../../../protocol/saip/index.ts'
import { MF } from '../card/channels.ts'
import type { PlacedFiles } from '../card/files.ts'
import type { Authentication, Code, Codes, Pin, Subscription } from '../card/secrets.ts'
import { uint } from './file.ts'
import { applicationIn } from './file-system.ts'

interface Access {
  readonly codes: Codes
  readonly authentication: Authentication
}

interface Reading extends Access {
  readonly files: PlacedFiles
  readonly scope: string
}

/** What stands in the elements of a profile, whose files have been made already. */
export function accessOf(elements: readonly ProfileElement[], files: PlacedFiles): Access {
  const start: Reading = {
    files,
    scope: MF,
    codes: { pins: [], puks: [], sharing: {} },
    authentication: { subscriptions: [], keysOf: {} },
  }
  const { codes, authentication } = elements.reduce(read, start)
  return { codes, authentication }
}

function read(reading: Reading, { kind, value }: ProfileElement): Reading {
  switch (kind) {
    case 'mf':
      return { ...reading, scope: MF }
    case 'usim':
    case 'isim':
      return { ...reading, scope: applicationIn(reading.files, aids[kind]) ?? reading.scope }
    case 'pukCodes':
      return withPuks(reading, value)
    case 'pinCodes':
      return withPins(reading, value)
    case 'akaParameter':
      return withKey(reading, value)
    default:
      return reading
  }
}

const triesOf = (octet: number) => ({ tries: octet >> 4, left: octet & 0x0f })

function withPuks(reading: Reading, { pukCodes }: ElementOf<'pukCodes'>): Reading {
  const puks = pukCodes.map(
    (puk): Code => ({
      scope: reading.scope,
      reference: pukReferences[puk.keyReference as keyof typeof pukReferences] ?? 0,
      value: puk.pukValue.slice(),
      ...triesOf(puk['maxNumOfAttemps-retryNumLeft']),
    }),
  )
  return { ...reading, codes: { ...reading.codes, puks: [...reading.codes.puks, ...puks] } }
}

function withPins(reading: Reading, { pinCodes }: ElementOf<'pinCodes'>): Reading {
  const { scope, codes } = reading
  if (pinCodes.kind === 'filePath') {
    const other = pathFrom(pinCodes.value)
    return { ...reading, codes: { ...codes, sharing: { ...codes.sharing, [scope]: other } } }
  }
  const pins = pinCodes.value.map((pin): Pin => {
    const puk = pukReferences[pin.unblockingPINReference as keyof typeof pukReferences]
    return {
      scope,
      reference: pinReferences[pin.keyReference as keyof typeof pinReferences] ?? 0,
      value: pin.pinValue.slice(),
      ...triesOf(pin['maxNumOfAttemps-retryNumLeft']),
      isEnabled: (pin.pinAttributes & 1) !== 0,
      mayBeDisabled: (pin.pinAttributes & 2) !== 0,
      mayBeChanged: (pin.pinAttributes & 4) !== 0,
      ...(puk !== undefined && { puk }),
    }
  })
  return { ...reading, codes: { ...codes, pins: [...codes.pins, ...pins] } }
}

/** File identifiers from below the MF on. */
const pathFrom = (octets: Uint8Array): string => [MF, ...(toHex(octets).match(/.{4}/g) ?? [])].join('/')

/** Sequence numbers of a profile leave the index out. */
const INDICES = 32
const DEFAULT_DELTA = 0x10000000

/** Unverified: sqnOptions and algorithmOptions, which are not looked at; nor is the age of a sequence number. */
function withKey(reading: Reading, element: ElementOf<'akaParameter'>): Reading {
  const { scope, authentication } = reading
  const { kind, value } = element.algoConfiguration
  if (kind === 'mappingParameter') {
    const source = applicationIn(reading.files, value.mappingSource)
    const keysOf = source === undefined ? authentication.keysOf : { ...authentication.keysOf, [scope]: source }
    return { ...reading, authentication: { ...authentication, keysOf } }
  }
  const algorithm = algorithmOf(value)
  if (!algorithm) return reading
  const sqn = element.sqnInit?.map((sequence) => uint(sequence) * INDICES) ?? new Array(INDICES).fill(0)
  const delta = element.sqnDelta ? uint(element.sqnDelta) : DEFAULT_DELTA
  const subscriptions = [...authentication.subscriptions, { scope, algorithm, sqn, delta }]
  return { ...reading, authentication: { ...authentication, subscriptions } }
}

type AlgoParameter = Extract<ElementOf<'akaParameter'>['algoConfiguration'], { kind: 'algoParameter' }>['value']

function algorithmOf(parameter: AlgoParameter): Subscription['algorithm'] | undefined {
  const { algorithmID, rotationConstants, xoringConstants } = parameter
  const key = parameter.key.slice()
  if (algorithmID === 'usim-test-algorithm') return { kind: algorithmID, key }
  if (algorithmID === 'tuak')
    return { kind: algorithmID, key: { key, topc: parameter.opc.slice(), iterations: parameter.numberOfKeccak } }
  if (algorithmID !== 'milenage') return undefined
  const constants = {
    rotations: rotationConstants?.slice() ?? standardConstants.rotations,
    constants: xoringConstants?.slice() ?? standardConstants.constants,
  }
  return { kind: algorithmID, key: { key, opc: parameter.opc.slice(), constants } }
}
