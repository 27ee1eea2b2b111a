/** Bodies that the double accepts, as docs/dialects/esim-management-0.1.md reads the draft: no unknown property at any depth. */
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

const object = (required: Record<string, unknown>, optional: Record<string, unknown> = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
})
const text = { type: 'string' }
const uri = { type: 'string', format: 'uri' }
const eid = { type: 'string', pattern: '^[0-9]{32}$' }
const iccid = { type: 'string', pattern: '^[0-9]{19,20}$' }
const accessToken = {
  accessToken: text,
  accessTokenExpiresUtc: { type: 'string', format: 'date-time' },
  accessTokenType: { const: 'bearer' },
}
const sinkCredential = {
  oneOf: [
    object({ credentialType: { const: 'PLAIN' }, identifier: text, secret: text }),
    object({ credentialType: { const: 'ACCESSTOKEN' }, ...accessToken }),
    object({
      credentialType: { const: 'REFRESHTOKEN' },
      ...accessToken,
      refreshToken: text,
      refreshTokenEndpoint: uri,
    }),
  ],
}
const callback = { sinkCredential, correlationId: text }

const ajv = new Ajv({ allErrors: true })
addFormats.default(ajv)
/** Compiled with its first use: not every process that loads this room starts the double. */
const checkOf = (schema: object): ((body: unknown) => boolean) => {
  let validate: ValidateFunction | undefined
  return (body) => {
    validate ??= ajv.compile(schema)
    return validate(body)
  }
}
const onProfile = checkOf(object({ esim: object({ iccid }, { eid }), sink: uri }, callback))
const download = object(
  { esim: object({ eid, iccid }), activationCode: text, sink: uri },
  { ...callback, activateOnDownload: { type: 'boolean' } },
)
const status = object({ esim: { ...object({}, { eid, iccid }), minProperties: 1 } })

export const bodySchemas = {
  downloadEsim: checkOf(download),
  enableEsim: onProfile,
  disableEsim: onProfile,
  deleteEsim: onProfile,
  setFallbackEsim: onProfile,
  getEsimStatus: checkOf(status),
} as const
