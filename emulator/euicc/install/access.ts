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

/** What has been read so far. */
interface Reading {
  readonly files: PlacedFiles
  /** Path of the application. */
  scope: string
  readonly pins: Pin[]
  readonly puks: Code[]
  readonly sharing: Record<string, string>
  readonly subscriptions: Subscription[]
  readonly keysOf: Record<string, string>
}

/** What stands in the elements of a profile, whose files have been made already. */
export function accessOf(elements: readonly ProfileElement[], files: PlacedFiles): Access {
  const reading: Reading = { files, scope: MF, pins: [], puks: [], sharing: {}, subscriptions: [], keysOf: {} }
  for (const element of elements) read(reading, element)
  const { pins, puks, sharing, subscriptions, keysOf } = reading
  return { codes: { pins, puks, sharing }, authentication: { subscriptions, keysOf } }
}

function read(reading: Reading, { kind, value }: ProfileElement): void {
  switch (kind) {
    case 'mf':
      reading.scope = MF
      break
    case 'usim':
    case 'isim':
      reading.scope = applicationIn(reading.files, aids[kind]) ?? reading.scope
      break
    case 'pukCodes':
      readPuks(reading, value)
      break
    case 'pinCodes':
      readPins(reading, value)
      break
    case 'akaParameter':
      readKey(reading, value)
      break
  }
}

interface Tries {
  readonly 'maxNumOfAttemps-retryNumLeft': number
}

const triesOf = (code: Tries): number => code['maxNumOfAttemps-retryNumLeft'] >> 4
const leftOf = (code: Tries): number => code['maxNumOfAttemps-retryNumLeft'] & 0x0f

function readPuks({ scope, puks }: Reading, { pukCodes }: ElementOf<'pukCodes'>): void {
  for (const puk of pukCodes)
    puks.push({
      scope,
      reference: pukReferences[puk.keyReference as keyof typeof pukReferences] ?? 0,
      value: puk.pukValue.slice(),
      tries: triesOf(puk),
      left: leftOf(puk),
    })
}

function readPins({ scope, pins, sharing }: Reading, { pinCodes }: ElementOf<'pinCodes'>): void {
  if (pinCodes.kind === 'filePath') {
    sharing[scope] = pathFrom(pinCodes.value)
    return
  }
  for (const pin of pinCodes.value) {
    const puk = pukReferences[pin.unblockingPINReference as keyof typeof pukReferences]
    pins.push({
      scope,
      reference: pinReferences[pin.keyReference as keyof typeof pinReferences] ?? 0,
      value: pin.pinValue.slice(),
      tries: triesOf(pin),
      left: leftOf(pin),
      isEnabled: (pin.pinAttributes & 1) !== 0,
      mayBeDisabled: (pin.pinAttributes & 2) !== 0,
      mayBeChanged: (pin.pinAttributes & 4) !== 0,
      puk,
    })
  }
}

/** File identifiers from below the MF on. */
const pathFrom = (octets: Uint8Array): string => [MF, ...(toHex(octets).match(/.{4}/g) ?? [])].join('/')

/** Sequence numbers of a profile leave the index out. */
const INDICES = 32
const DEFAULT_DELTA = 0x10000000

/** Unverified: sqnOptions and algorithmOptions, which are not looked at; nor is the age of a sequence number. */
function readKey({ files, scope, subscriptions, keysOf }: Reading, element: ElementOf<'akaParameter'>): void {
  const { kind, value } = element.algoConfiguration
  if (kind === 'mappingParameter') {
    const source = applicationIn(files, value.mappingSource)
    if (source !== undefined) keysOf[scope] = source
    return
  }
  const algorithm = algorithmOf(value)
  if (!algorithm) return
  const sqn = element.sqnInit?.map((sequence) => uint(sequence) * INDICES) ?? new Array(INDICES).fill(0)
  const delta = element.sqnDelta ? uint(element.sqnDelta) : DEFAULT_DELTA
  subscriptions.push({ scope, algorithm, sqn, delta })
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
