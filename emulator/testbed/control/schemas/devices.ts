/** Devices as the control API shows them, and what is asked of them. */
import type { JsonSchema } from '../../../rest/index.ts'
import { chance, count, eid, flag, hex, iccid, instant, list, record, specification, state, text } from './words.ts'

const profile = record(
  {
    iccid,
    isdpAid: hex,
    state,
    fallbackAttribute: flag,
    fallbackAllowed: flag,
    profileClass: text,
    serviceProviderName: text,
    profileName: text,
  },
  ['serviceProviderName', 'profileName'],
)

const delayMs: JsonSchema = { type: 'integer', minimum: 0, maximum: 600_000 }

const seed: JsonSchema = { type: 'integer', default: 0, description: 'The same messages are lost for the same seed.' }

/** One row a profile that has not good connectivity while it is enabled. */
const links = list(
  {
    oneOf: [
      record({ iccid, dead: record({}) }),
      record({ iccid, slow: record({ delayMs }) }),
      record({ iccid, lossy: record({ chance, seed }, ['seed']) }),
    ],
  },
  { maxItems: 64 },
)

export const device = record(
  { eid, owner: text, specification, reachable: flag, connectivity: links, sequence: count, profiles: list(profile) },
  ['connectivity'],
)

export const deviceList = record({ devices: list(device), next: eid }, ['next'])

const cardEvent: JsonSchema = {
  type: 'object',
  required: ['eid', 'sequence', 'at', 'type', 'cause'],
  properties: { eid, sequence: count, at: instant, type: text, cause: text, iccid },
}

export const cardEvents = record({ events: list(cardEvent) })

export const connectivity = record({ reachable: flag, profiles: links }, ['profiles'])

export const polled = record({ packagesProcessed: count })

export const command = record({ apdu: hex })

export const response = record({ response: hex })

/** Exactly one of the properties. */
export const localOrder: JsonSchema = {
  ...record(
    {
      activationCode: text,
      contactDefaultSmdp: { type: 'boolean', enum: [true] },
      contactSmds: record({ smdsAddress: text }, ['smdsAddress']),
    },
    ['activationCode', 'contactDefaultSmdp', 'contactSmds'],
  ),
  minProperties: 1,
  maxProperties: 1,
}

export const localDownloads = record({
  downloads: list(
    record({ outcome: { type: 'string', enum: ['installed', 'failed'] }, iccid, reason: text }, ['iccid', 'reason']),
  ),
})

export const emergency = record({ enabled: flag })

const fleetRow = record(
  {
    eid,
    owner: text,
    reachable: flag,
    sequence: count,
    iccids: list(text),
    enabled: text,
    fallback: text,
    waiting: count,
    lastContactAt: { type: 'string', format: 'date-time' },
  },
  ['enabled', 'fallback', 'lastContactAt'],
)

export const fleet = record({ next: count, devices: list(fleetRow) })
