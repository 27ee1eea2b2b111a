/** CAMARA eSIM Remote Management (wip): requests, answers and the event, as docs/dialects/esim-remote-management-wip.md reads them. */
import { flag, integer, list, oneWord, optional, type Schema, strict, text, type ValueOf } from '../../schema.ts'

const eId = text({ pattern: '^[A-Fa-f0-9]{32}$', maxLength: 64, example: '89049032000000000000000000000001' })
const imei = text({
  pattern: '^[0-9]{15}$',
  maxLength: 32,
  description: 'Sent back; it stands for the device where the provider has been told whose it is.',
})
const iccid = text({ pattern: '^[0-9]{19,20}$', maxLength: 32, example: '8901260123456789012' })
const taskId = text({ pattern: '^[a-zA-Z0-9\\-]{1,64}$', maxLength: 64, description: 'What is asked for the outcome.' })
const sequenceNum = text({ pattern: '^[a-zA-Z0-9_\\-]{1,64}$', maxLength: 64, description: 'Sent back.' })
const instant = text({ format: 'date-time', maxLength: 64 })
const operResult: Schema<0 | 1 | 2> = {
  type: 'integer',
  enum: [0, 1, 2],
  description: '0 executing, 1 success, 2 failed.',
}

const optType: Schema<1 | 2 | 3> = { type: 'integer', enum: [1, 2, 3], description: '1 enable, 2 disable, 3 delete.' }
const autoEnableType: Schema<1> = { type: 'integer', enum: [1], description: '1: enable it once it is installed.' }

export const eventNames = ['operation-accepted', 'operation-completed'] as const

const subscription = {
  initialEvent: optional(flag({ description: 'Also an event that the operation is accepted.' })),
  subscriptionMaxEvents: optional(integer({ minimum: 1, maximum: 1000 })),
  subscriptionExpireTime: optional(text({ format: 'date-time', maxLength: 32, description: 'No event after it.' })),
}
const whereto = {
  protocol: optional(oneWord(['HTTP'])),
  sink: optional(
    text({
      pattern: "^https?://[a-zA-Z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=]{1,256}$",
      format: 'uri',
      maxLength: 256,
      description: 'Where the events go.',
    }),
  ),
  types: optional(list(oneWord(eventNames), { maxItems: 10, description: 'Which events; without it, all.' })),
}

const downloadDetail = strict(
  { iccid, eId: optional(eId), imei: optional(imei), autoEnableType: optional(autoEnableType) },
  { anyOf: [{ required: ['eId'] }, { required: ['imei'] }] },
)
export const downloadRequest = strict({
  ...whereto,
  config: strict({ subscriptionDetail: downloadDetail, ...subscription }),
})

const operDetail = strict({ iccid, optType, eId: optional(eId), imei: optional(imei) })
export const operRequest = strict({ ...whereto, config: strict({ subscriptionDetail: operDetail, ...subscription }) })

interface Subscribing {
  readonly sink?: string
  readonly types?: readonly (typeof eventNames)[number][]
  readonly config: {
    readonly initialEvent?: boolean
    readonly subscriptionMaxEvents?: number
    readonly subscriptionExpireTime?: string
  }
}
/** Of both requests: where events go, and which. */
export type Whereto = Subscribing

const accepted = <D>(detail: Schema<D>) =>
  strict({
    code: integer({ minimum: 0, maximum: 999_999, description: '100000: accepted; any other: refused.' }),
    message: text({ maxLength: 256 }),
    taskId: optional(taskId),
    config: strict({ subscriptionDetail: detail, ...subscription }),
  })
export const downloadAnswer = accepted(downloadDetail)
export const operAnswer = accepted(operDetail)

const envelope = {
  timestamp: optional(instant),
  sequenceNum: optional(sequenceNum),
  clientId: optional(text({ pattern: '^[a-zA-Z0-9_\\-]{1,128}$', maxLength: 128, description: 'It has no effect.' })),
}
const answered = {
  resultCode: text({ pattern: '^B[0-9]{6}$', maxLength: 32, description: 'B100000: the query is answered.' }),
  resultDesc: text({ maxLength: 256 }),
  sequenceNum: optional(sequenceNum),
}

export const listRequest = strict({ ...envelope, data: strict({ eId }) })
export const listAnswer = strict({
  ...answered,
  data: strict({
    eId,
    profiles: list(
      strict({ iccid, enableStatus: { type: 'integer', enum: [0, 1], description: '1: enabled.' } as Schema<0 | 1> }),
      { maxItems: 100 },
    ),
  }),
})

export const queryRequest = strict({ ...envelope, data: strict({ taskId }) })
const taskResult = { taskId, eId, iccid, operResult, resultMsg: text({ maxLength: 512 }) }
export const queryAnswer = strict({ ...answered, data: strict(taskResult) })
export type TaskResult = ValueOf<typeof queryAnswer>['data']

export const eventOfTypes = (types: readonly string[]) =>
  strict({
    specversion: oneWord(['1.0']),
    id: text({ description: 'The same on every retry.' }),
    source: text({ format: 'uri' }),
    type: oneWord(types),
    time: text({ format: 'date-time' }),
    datacontenttype: oneWord(['application/json']),
    data: strict(taskResult),
  })
