/** eIM Configuration Data as other people's programs write it: SGP.32 v1.2, 2.11.1.1.1. */
import { readFileSync } from 'node:fs'
import { DecodeError, decode, encode, fromHex } from '../protocol/ber/index.ts'
import { AddInitialEimRequest, EimConfigurationData, GetEimConfigurationDataResponse } from '../protocol/sgp32/index.ts'
import { UsageError } from './command.ts'

/** Throws UsageError for a file that cannot be read, or holds no eIM Configuration Data. */
export function readEimConfiguration(file: string): AddInitialEimRequest {
  let content: Buffer
  try {
    content = readFileSync(file)
  } catch (error) {
    throw new UsageError(`fleet: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  for (const octets of candidates(content)) {
    const found = configurationsIn(octets)
    if (found) return { eimConfigurationDataList: found }
  }
  throw new UsageError(`fleet: ${file} is no AddInitialEimRequest, EimConfigurationData or list of such.`)
}

/** The octets themselves, or what text in hexadecimal, base64 or JSON stands for. */
function* candidates(content: Uint8Array): Generator<Uint8Array> {
  yield content
  const text = Buffer.from(content).toString('utf8').trim()
  for (const value of [text, ...textsIn(parse(text))]) {
    const bare = value.replace(/\s/g, '')
    if (/^([0-9A-Fa-f]{2})+$/.test(bare)) yield fromHex(bare)
    else if (/^[A-Za-z0-9+/_-]+=*$/.test(bare)) yield new Uint8Array(Buffer.from(bare, 'base64'))
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Every text in a JSON value: the member may be called addInitialEimRequest, eimConfigurationData or something else. */
function textsIn(json: unknown): readonly string[] {
  if (typeof json === 'string') return [json]
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : []
}

const readings: readonly ((octets: Uint8Array) => readonly EimConfigurationData[])[] = [
  (octets) => decode(AddInitialEimRequest, octets, { rules: 'BER' }).eimConfigurationDataList,
  (octets) => decode(GetEimConfigurationDataResponse, octets, { rules: 'BER' }).eimConfigurationDataList,
  (octets) => [decode(EimConfigurationData, octets, { rules: 'BER' })],
]

function configurationsIn(octets: Uint8Array): readonly EimConfigurationData[] | undefined {
  for (const read of readings) {
    try {
      const found = read(octets)
      if (found.length > 0) return found
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
  }
  return undefined
}

export const encodeRequest = (request: AddInitialEimRequest): Uint8Array => encode(AddInitialEimRequest, request)
