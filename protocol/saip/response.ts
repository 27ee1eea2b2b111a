/** EUICCResponse, the simaResponse of a ProfileInstallationResult: TCA eUICC Profile Package 3.3.1, 8.11 and annex C. */
import {
  enumeration,
  flag,
  integer,
  named,
  optional,
  sequence,
  sequenceOf,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import { uint8, uint15, uint31 } from './header.ts'

/** Status words 6xxx and 9xxx and proprietary values from A000 on are numbers of their own: `unknown(n)`. */
const PEStatus = named(
  'PEStatus',
  sequence(0x30, {
    status: enumeration(0x80, {
      ok: 0,
      'pe-not-supported': 1,
      'memory-failure': 2,
      'bad-values': 3,
      'not-enough-memory': 4,
      'invalid-request-format': 5,
      'invalid-parameter': 6,
      'runtime-not-supported': 7,
      'lib-not-supported': 8,
      'template-not-supported': 9,
      'feature-not-supported': 10,
      'pin-code-missing': 11,
      'unsupported-profile-version': 31,
    }),
    identification: optional(integer(0x81, uint15)),
    'additional-information': optional(integer(0x82, uint8)),
    offset: optional(integer(0x83, uint31)),
  }),
)
export type PEStatus = ValueOf<typeof PEStatus>

export const EUICCResponse = named(
  'EUICCResponse',
  sequence(0x30, {
    peStatus: sequenceOf(0xa0, PEStatus),
    profileInstallationAborted: optional(flag(0x81)),
    statusMessage: optional(utf8String(0x82, { min: 2, max: 64 })),
  }),
)
export type EUICCResponse = ValueOf<typeof EUICCResponse>
