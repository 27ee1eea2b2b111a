/** A world in which an eIM triggers one download, and what became of it. */
import { encode, toHex } from '../../../protocol/ber/index.ts'
import { CancelSessionRequest } from '../../../protocol/sgp22/index.ts'
import { ProfileDownloadTriggerRequest } from '../../../protocol/sgp32/index.ts'
import { installationResult, transactionId } from './messages.ts'
import { createWorld, type WorldScript } from './world.ts'

export type Trigger = ProfileDownloadTriggerRequest['profileDownloadData']
export const code = (value: string): Trigger => ({ kind: 'activationCode', value })
export const good = code('1$smdp.test$TOKEN')

/** A world in which the eIM asks for one download, which the card installs with its last segment. */
export function triggered(profileDownloadData: Trigger = good, script: WorldScript = {}) {
  const trigger = encode(ProfileDownloadTriggerRequest, {
    eimTransactionId: '0A',
    ...(profileDownloadData ? { profileDownloadData } : {}),
  })
  const world = createWorld({ ...script, packages: [trigger] })
  let segments = 0
  const installing = () => {
    segments += 1
    if (segments < 6) return 0x9000
    segments = 0
    world.card.notifications.set(4, installationResult(4))
    return installationResult(4)
  }
  world.card.script = { segment: installing, ...script.card }
  return world
}

type World = ReturnType<typeof triggered>
export const functionsOf = ({ card }: World) => card.calls.map(({ name }) => name)
export const errorResponseOf = ({ results }: World): Uint8Array | undefined => {
  const result = results[0]?.eimPackageResult
  if (result?.kind !== 'profileDownloadTriggerResult') throw new Error('no ProfileDownloadTriggerResult')
  if (result.value.eimTransactionId !== '0A') throw new Error('another transaction')
  const { kind, value } = result.value.profileDownloadTriggerResultData
  if (kind !== 'profileDownloadError') throw new Error('no error')
  return value.errorResponse
}
export const cancelledWith = ({ card, requests }: World) => {
  const call = card.calls.find(({ name }) => name === 'CancelSession')
  const told = requests.includes('smdp.test cancelSession')
  return { request: call && toHex(call.request), told }
}
export const cancelRequest = (reason: CancelSessionRequest['reason']) =>
  toHex(encode<CancelSessionRequest>(CancelSessionRequest, { transactionId, reason }))
