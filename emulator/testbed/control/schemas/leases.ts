/** Devices made for one test. */
import { eid, flag, iccid, list, record, specification, state, text } from './words.ts'

/** A fallback must be allowed, and only one profile can be enabled and one be the fallback: checked when the lease is made. */
export const leaseRequest = record(
  {
    owner: { type: 'string', enum: ['acme', 'globex'] },
    specification: { ...specification, description: 'version of SGP.32 of its card and its IPA' },
    profiles: list(record({ state, fallbackAllowed: flag, fallback: flag }, ['fallbackAllowed', 'fallback']), {
      maxItems: 8,
    }),
    orders: list(
      record({ fallbackAllowed: flag, refuse: { type: 'string', enum: ['matchingId', 'metadata'] } }, [
        'fallbackAllowed',
        'refuse',
      ]),
      {
        maxItems: 8,
      },
    ),
  },
  ['owner', 'specification', 'profiles', 'orders'],
)

export const lease = record({
  leaseId: { type: 'string', format: 'uuid' },
  eid,
  owner: text,
  profiles: list(record({ iccid, state, fallbackAllowed: flag, fallback: flag })),
  orders: list(record({ iccid, activationCode: text })),
})
