/** Operations of the double: accepted, done by the device in order, completed, reported. */
import { randomUUID } from 'node:crypto'
import type { OperationName } from '../dialects/dialect.ts'
import { eventType } from '../dialects/esim-management-0.1.ts'
import type { Ics } from '../ics/ics.ts'
import { systemClock } from '../runner/clock-system.ts'
import type { Card, CardAnswer } from './card.ts'
import type { DevicePool } from './device-pool.ts'
import { deliver, type SinkCredential } from './events.ts'

export interface StartBody {
  readonly esim: { readonly eid?: string; readonly iccid: string }
  readonly sink: string
  readonly sinkCredential?: SinkCredential
  readonly activationCode?: string
  readonly activateOnDownload?: boolean
}

interface Result {
  readonly outcome: 'success' | 'failed'
  readonly completedAt: string
  readonly error?: {
    readonly status: number
    readonly code: string
    readonly message: string
    readonly details?: string
  }
}

export interface Operation {
  readonly owner: string
  readonly view: () => object
}

export interface Operations {
  readonly start: (name: OperationName, card: Card, body: StartBody) => Operation
  readonly find: (operationId: string) => Operation | undefined
  readonly stop: () => void
}

export function createOperations({ pool, ics }: { readonly pool: DevicePool; readonly ics: Ics }): Operations {
  const known = new Map<string, Operation>()
  let running = true

  const start = (name: OperationName, card: Card, body: StartBody): Operation => {
    const operationId = randomUUID()
    const esim = { eid: card.eid, iccid: body.esim.iccid }
    let result: Result | undefined
    const complete = (answer: CardAnswer, status = 422): void => {
      if (result !== undefined || !running) return
      result = resultOf(answer, status)
      const { error, ...outcome } = result
      const data = { operationId, operation: name, status: 'completed', esim, result: outcome, ...(error && { error }) }
      const { type } = eventType(name, ics.readings)
      void deliver({ sink: body.sink, credential: body.sinkCredential, type, data, running: () => running })
    }
    const view = () => ({
      operationId,
      operation: name,
      status: result === undefined ? 'accepted' : 'completed',
      esim,
      ...(result && { result }),
    })
    known.set(operationId, { owner: card.owner, view })
    pool.queue(card.eid, (device) => {
      if (result === undefined)
        complete(execute(name, device, { body, keepEnabled: ics.readings.deleteEnabled === 'conflict' }))
    })
    const limit = ics.limits.operationTimeLimitSeconds
    if (limit !== undefined) {
      void systemClock.sleep(limit * 1000).then(() => complete(unreachable, 504))
    }
    return { owner: card.owner, view }
  }
  return {
    start,
    find: (operationId) => known.get(operationId),
    stop: () => {
      running = false
    },
  }
}

const unreachable: CardAnswer = {
  refused: { code: 'ESIM_DEVICE_UNREACHABLE', message: 'The device was not reached in time.' },
}

const resultOf = ({ refused }: CardAnswer, status: number): Result => ({
  outcome: refused === undefined ? 'success' : 'failed',
  completedAt: new Date(systemClock.now()).toISOString(),
  ...(refused && { error: { status, ...refused } }),
})

interface Execution {
  readonly body: StartBody
  readonly keepEnabled: boolean
}

function execute(name: OperationName, card: Card, { body, keepEnabled }: Execution): CardAnswer {
  const { iccid } = body.esim
  if (name === 'download') return download(card, body)
  if (name === 'enable') return card.enable(iccid)
  if (name === 'disable') return card.disable(iccid)
  if (name === 'set-fallback') return card.setFallback(iccid)
  if (!keepEnabled) card.disable(iccid)
  return card.remove(iccid)
}

function download(card: Card, { esim, activationCode, activateOnDownload = false }: StartBody): CardAnswer {
  const refused = (code: string, message: string, details: string): CardAnswer => ({
    refused: { code, message, details },
  })
  if (card.profiles.some(({ iccid }) => iccid === esim.iccid)) return card.install(profileOf(esim.iccid, true))
  const order = card.orders.find((candidate) => candidate.activationCode === activationCode)
  if (order === undefined || order.refuse !== undefined) {
    return refused(
      'ESIM_DOWNLOAD_FAILED',
      'The SM-DP+ refused the download.',
      'subject 8.2.6, reason 3.8: MatchingID refused',
    )
  }
  if (order.iccid !== esim.iccid) return refused('ESIM_ICCID_MISMATCH', 'Another eSIM arrived.', `ICCID ${order.iccid}`)
  card.install(profileOf(order.iccid, order.fallbackAllowed ?? true))
  return activateOnDownload ? card.enable(order.iccid) : {}
}

const profileOf = (iccid: string, fallbackAllowed: boolean) => ({
  iccid,
  state: 'disabled' as const,
  fallbackAllowed,
  fallbackAttribute: false,
})
