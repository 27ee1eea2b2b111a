/** CAMARA eSIM Profile Management 0.1.0-rc.1 and rc.2: requests and answers, as docs/dialects/esim-profile-management-*.md read them. */
import { flag, list, oneWord, optional, type Schema, strict, text, type ValueOf } from '../../schema.ts'

const eid = text({
  pattern: '^[0-9]{32}$',
  maxLength: 32,
  description: 'EID of the eUICC.',
  example: '89049032000000000000000000000001',
})
const iccid = text({
  pattern: '^[0-9]{19,20}$',
  maxLength: 20,
  description: 'ICCID of the profile.',
  example: '8901260123456789012',
})

const activationCode = text({
  pattern: '^LPA:1\\$',
  maxLength: 256,
  description: 'In the form of a QR code, with its prefix.',
  example: 'LPA:1$SMDP.EXAMPLE.COM$04386-AGYFT-A74Y8-3F815',
})

interface DownloadRequest {
  readonly esimProfile: { readonly eid: string; readonly iccid?: string }
  readonly activationCode: string
}
export const downloadRequest: Schema<DownloadRequest> = strict({ esimProfile: strict({ eid }), activationCode })
/** The ICCID, when sent, is the one that is expected to arrive. */
export const downloadRequestWithIccid: Schema<DownloadRequest> = strict({
  esimProfile: strict({ eid, iccid: optional(iccid) }),
  activationCode,
})

export const operationRequest = strict({ esimProfile: strict({ iccid, eid: optional(eid) }) })

export const statusRequest = strict({
  esimProfile: strict({ eid: optional(eid), iccid: optional(iccid) }, { minProperties: 1 }),
})

const operationId = text({ pattern: '^[a-zA-Z0-9-_:.]+$', maxLength: 64, description: 'Of the answer to the request.' })
export const operationParams = { operationId }

const result = strict(
  {
    completedAt: text({ format: 'date-time', maxLength: 64 }),
    outcome: oneWord(['SUCCESS', 'FAILED']),
    failureReason: optional(text({ maxLength: 256, description: 'For people. Only of a FAILED one.' })),
    assignedIccid: optional(text({ ...iccid, description: 'What a successful download has installed.' })),
  },
  { description: 'Once COMPLETED.' },
)

export const operationAnswer = strict({
  operationId,
  operation: oneWord(['download', 'enable', 'disable', 'delete', 'set-fallback']),
  status: oneWord(['ACCEPTED', 'COMPLETED']),
  esimProfile: strict({ eid, iccid: optional(iccid) }),
  result: optional(result),
})
export type OperationAnswer = ValueOf<typeof operationAnswer>

export const statusAnswer = strict({
  esimProfiles: list(strict({ eid, iccid, state: oneWord(['ENABLED', 'DISABLED']), isFallback: flag() }), {
    maxItems: 256,
  }),
})
