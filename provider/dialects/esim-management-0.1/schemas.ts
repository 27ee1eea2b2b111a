/** CAMARA eSIM Management 0.1 (draft): requests, answers and the event, as docs/dialects/esim-management-0.1.md reads them. */
import {
  bearerToken,
  flag,
  integer,
  list,
  oneWord,
  optional,
  strict,
  text,
  type ValueOf,
  variants,
} from '../../schema.ts'

const eid = text({
  pattern: '^[0-9]{32}$',
  description: 'EID of the eUICC.',
  example: '89049032000000000000000000000001',
})
const iccid = text({ pattern: '^[0-9]{19,20}$', description: 'ICCID of the eSIM.', example: '8901260123456789012' })

const accessToken = {
  accessToken: bearerToken(),
  accessTokenExpiresUtc: text({
    format: 'date-time',
    description: 'After this instant it is not sent any more.',
  }),
  accessTokenType: oneWord(['bearer']),
}

/** RFC 7617, 2: behind the first colon Basic has the password. */
const userName = text({ pattern: '^[^:]+$' })

const sinkCredential = variants(
  'credentialType',
  [
    strict({ credentialType: oneWord(['PLAIN']), identifier: userName, secret: text() }),
    strict({ credentialType: oneWord(['ACCESSTOKEN']), ...accessToken }),
    strict({
      credentialType: oneWord(['REFRESHTOKEN']),
      ...accessToken,
      refreshToken: text({ minLength: 1 }),
      refreshTokenEndpoint: text({
        format: 'uri',
        description: 'Where the refresh token is traded for another access token when that has expired (RFC 6749, 6).',
      }),
    }),
  ],
  { description: 'What the event carries in Authorization: Basic for PLAIN, Bearer for the others.' },
)
export type SinkCredentialBody = ValueOf<typeof sinkCredential>

const whereto = {
  sink: text({ format: 'uri', description: 'Where the event about the outcome goes.' }),
  sinkCredential: optional(sinkCredential),
  correlationId: optional(text({ description: 'A reference of the API consumer; it has no effect.' })),
}

export const downloadRequest = strict({
  esim: strict({ eid, iccid }),
  activationCode: text({ minLength: 1, example: 'LPA:1$SMDP.EXAMPLE.COM$04386-AGYFT-A74Y8-3F815' }),
  activateOnDownload: optional(flag({ default: false, description: 'Enable the eSIM once it is installed.' })),
  ...whereto,
})

export const operationRequest = strict({ esim: strict({ iccid, eid: optional(eid) }), ...whereto })
export type OperationRequest = ValueOf<typeof operationRequest>

export const statusRequest = strict({
  esim: strict({ eid: optional(eid), iccid: optional(iccid) }, { minProperties: 1 }),
})

export const operationKind = oneWord(['download', 'enable', 'disable', 'delete', 'set-fallback'])

export const errorInfo = strict({ status: integer(), code: text(), message: text(), details: optional(text()) })
export type ErrorInfo = ValueOf<typeof errorInfo>

const outcome = oneWord(['success', 'failed', 'cancelled'])
const completedAt = text({ format: 'date-time' })
const operationId = text({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', description: 'A UUID.' })
export const operationParams = { operationId }

export const operationAnswer = strict({
  operationId,
  operation: operationKind,
  status: oneWord(['accepted', 'completed']),
  esim: strict({ eid, iccid }),
  result: optional(strict({ outcome, completedAt, error: optional(errorInfo) }, { description: 'Once completed.' })),
})
export type OperationAnswer = ValueOf<typeof operationAnswer>

export const statusAnswer = strict({
  esims: list(strict({ eid, iccid, state: oneWord(['enabled', 'disabled']), isFallback: flag() })),
})

const eventData = strict({
  operationId,
  operation: operationKind,
  status: oneWord(['completed']),
  esim: strict({ eid, iccid }),
  result: strict({ outcome, completedAt }),
  error: optional(errorInfo),
})
export type EventData = ValueOf<typeof eventData>

export const eventOfTypes = (types: readonly string[]) =>
  strict({
    specversion: oneWord(['1.0']),
    id: text({ description: 'The same on every retry.' }),
    source: text({ format: 'uri' }),
    type: oneWord(types),
    time: text({ format: 'date-time' }),
    datacontenttype: oneWord(['application/json']),
    data: eventData,
  })
