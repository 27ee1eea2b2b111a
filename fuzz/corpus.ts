import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { startServers } from '../bench/world.ts'
import type { Entropy, EuiccState } from '../emulator/euicc/index.ts'
import { type AnySchema, fromHex } from '../protocol/ber/index.ts'
import { privateKeyFromSeed } from '../protocol/crypto/index.ts'
import { sgp22Types } from '../protocol/sgp22/index.ts'
import { sgp32Types, sgp32v1_0_1Types } from '../protocol/sgp32/index.ts'

/** A command and the card that it came to. */
export interface Moment {
  readonly state: EuiccState
  readonly command: Uint8Array
  readonly entropy: Entropy
}

/** What mutations start from. */
export interface Corpus {
  readonly vectors: readonly { readonly schema: AnySchema; readonly octets: Uint8Array }[]
  readonly messages: readonly Uint8Array[]
  readonly profiles: readonly Uint8Array[]
  readonly life: readonly Moment[]
  readonly commands: readonly Uint8Array[]
}

/** The golden vectors, profiles as the card has them when it installs them, and the life of a card from its first command to its last. */
export async function gatherCorpus(): Promise<Corpus> {
  const vectors = readVectors()
  const { life, profiles } = await liveOnce()
  const commands = [...life.map(({ command }) => command), ...others.map(fromHex)]
  return { vectors, messages: vectors.map(({ octets }) => octets), profiles, life, commands }
}

const types: Readonly<Record<string, Readonly<Record<string, AnySchema>>>> = {
  'SGP.22 v2.5': sgp22Types,
  'SGP.32 v1.2': sgp32Types,
  'SGP.32 v1.0.1': sgp32v1_0_1Types,
}

interface VectorFile {
  readonly specification: string
  readonly valid: readonly { readonly type: string; readonly octets: string }[]
  readonly invalid: VectorFile['valid']
}

/** Beside the sources, or above what was built of them. */
const folder = ['../fixtures/vectors/', '../../fixtures/vectors/']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url))

function readVectors(): Corpus['vectors'] {
  if (!folder) throw new Error('the golden vectors are not there')
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
  return files.flatMap((name) => {
    const file: VectorFile = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    return [...file.valid, ...file.invalid].flatMap(({ type, octets }) => {
      const schema = types[file.specification]?.[type]
      return schema ? [{ schema, octets: fromHex(octets) }] : []
    })
  })
}

/** What no IPA sends: files, terminals, PINs, authentication. */
const others = [
  '00a40004023f00',
  '00a4080402 2fe2',
  '00a40004026f07',
  '00b000000a',
  '00b2010426',
  '00f2000000',
  '8010000004ffffffff',
  '8012000010',
  '801400000c810301010002028281030100',
  '80ca005a00',
  '00200001083132333435363738',
  '00880081221000112233445566778899aabbccddeeff1000112233445566778899aabbccddeeff',
  '80aa000005a903830107',
  '0070000001',
  '0070800100',
].map((hex) => hex.replaceAll(' ', ''))

/** A card answers each command with one signature at most: that costs more than all the rest and tells nothing here. */
const cheap: Entropy = {
  random: (length) => new Uint8Array(length).fill(7),
  sign: () => new Uint8Array(64),
  generateKeyPair: (curve) => privateKeyFromSeed(curve, Uint8Array.of(1), 'fuzz'),
}

async function liveOnce() {
  const servers = await startServers('in process')
  const device = await servers.newDevice()
  const life: Moment[] = []
  device.observer = (state, command) => void life.push({ state, command, entropy: cheap })
  const first = servers.orders.create({ profile: { template: 'minimal', fallbackAllowed: true } })
  const second = servers.orders.create({ profile: { template: 'typical' } })
  for (const { activationCode } of [first, second]) await device.run({ download: { activationCode } })
  const [a, b] = [first.iccid, second.iccid]
  await device.run({ psmo: [{ enable: { iccid: a } }] })
  await device.run({ psmo: [{ enable: { iccid: b, rollback: true } }] })
  await device.run({ psmo: [{ setFallbackAttribute: { iccid: a } }, { getRAT: {} }, { listProfileInfo: {} }] })
  await device.run({ data: { components: ['euiccInfo2', 'notificationsList', 'euiccCertificate'] } })
  await device.run({ eco: [{ listEim: {} }] })
  await device.run({ psmo: [{ disable: { iccid: b } }, { delete: { iccid: b } }] })
  await servers.close()
  const profiles = life.map(({ command }) => command.subarray(5)).filter(({ length }) => length > 60)
  return { life, profiles }
}
