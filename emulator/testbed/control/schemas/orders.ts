/** Profile orders at the SM-DP+. */
import type { JsonSchema } from '../../../rest/index.ts'
import { profileTypes } from '../../../smdp/index.ts'
import { count, eid, flag, iccid, list, record, text } from './words.ts'

const matchingId: JsonSchema = { type: 'string', pattern: '^[0-9A-Z-]*$' }

export const orderRequest = record(
  {
    profileType: { type: 'string', enum: Object.keys(profileTypes), default: 'minimal' },
    iccid: { ...iccid, description: 'Absent: made up' },
    fallbackAllowed: flag,
    ecallIndication: { ...flag, description: 'The emergency profile' },
    eid: { ...eid, description: 'The only eUICC that may have it' },
    matchingId: { ...matchingId, minLength: 1, description: 'Absent: made up' },
    confirmationCode: { type: 'string', minLength: 1 },
    confirmationAttempts: { type: 'integer', minimum: 1, default: 3 },
    downloads: { type: 'integer', minimum: 1, default: 10, description: 'Packages handed out at most' },
    expiresAt: { type: 'string', description: 'RFC 3339' },
    rebinding: flag,
    replaceSessionKeys: flag,
    smdsAddress: { type: 'string', pattern: '^[^\\s/]+$' },
  },
  [
    'profileType',
    'iccid',
    'fallbackAllowed',
    'ecallIndication',
    'eid',
    'matchingId',
    'confirmationCode',
    'confirmationAttempts',
    'downloads',
    'expiresAt',
    'rebinding',
    'replaceSessionKeys',
    'smdsAddress',
  ],
)

export const order = record(
  {
    iccid,
    state: text,
    matchingId,
    activationCode: text,
    eid,
    notifications: { type: 'object', additionalProperties: count },
    result: { type: 'object' },
  },
  ['matchingId', 'activationCode', 'eid', 'result'],
)

export const orders = record({ orders: list(order) })
