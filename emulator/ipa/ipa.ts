import type { AddInitialEimResponse, EuiccMemoryResetResponse } from '../../protocol/sgp32/index.ts'
import type { CardChannel, HttpClient, HttpHandler, Random, Trace, TraceEntry } from '../ports/index.ts'
import { type Agent, createAgent } from './agent.ts'
import { type Answer, type Failure, isCardLost } from './answer.ts'
import { watchConnectivity } from './connectivity.ts'
import { injectHandler } from './inject.ts'
import { createVolatileMemory, type IpaMemory } from './memory.ts'
import { downloadLocally, type LocalDownload, type LocalOrder } from './procedures/download-locally.ts'
import { useEmergencyProfile } from './procedures/emergency-profile.ts'
import { executeFallback, returnFromFallback } from './procedures/fallback.ts'
import { initialiseCard, type ReadyCard } from './procedures/initialise-card.ts'
import { merge, type PollingOutcome, runPollingCycle } from './procedures/polling-cycle.ts'
import { type ResetOption, resetMemory } from './procedures/reset-memory.ts'
import { takePackage } from './procedures/take-package.ts'
import { createSend, type Delay } from './servers/retry.ts'
import { defaultSettings, type IpaSettings } from './settings.ts'

export interface IpaPorts {
  readonly card: CardChannel
  /** Trusts the servers that this device should trust. */
  readonly http: HttpClient
  readonly delay: Delay
  readonly random: Random
  /** Absent: no entries are made. */
  readonly trace?: Trace
  /** Default: forgotten with the process. */
  readonly memory?: IpaMemory
  readonly settings?: Partial<IpaSettings>
}

/** An IPA in the device (IPAd). Whatever is asked of it at the same time is done one after the other. Nothing rejects because of a card or server. */
export interface Ipa {
  /** Resets the card and reads who it is. */
  initialise(): Promise<ReadyCard | Failure>
  /** ES10b.AddInitialEim with the request that an eIM has prepared. */
  addInitialEim(request: Uint8Array): Promise<Answer<AddInitialEimResponse>>
  /** ES10b.ReturnFromFallback, which the next poll reports. Undefined when it was done, else the error that the eUICC names. */
  returnFromFallback(): Promise<string | Failure | undefined>
  /** Enables the emergency profile, or leaves it. Undefined when it was done, else the error that the eUICC names. */
  useEmergencyProfile(isEmergency: boolean): Promise<string | Failure | undefined>
  /** ES10b.eUICCMemoryReset, which the next poll reports. */
  resetMemory(resetOptions: readonly ResetOption[]): Promise<EuiccMemoryResetResponse | Failure>
  /** Downloads that begin in the device. */
  downloadProfile(order: LocalOrder): Promise<readonly LocalDownload[] | Failure>
  /** Takes what eIMs bring; the device decides whether anybody can reach it. */
  readonly handleInject: HttpHandler
  /** One polling cycle. Calls while one waits for its turn share it. */
  poll(): Promise<PollingOutcome>
}

/** A card may close its channels with every switch of profiles: so often a polling cycle, or a download, is taken up again after a reset. */
const CARD_SESSIONS = 3

export function createIpa({ card, trace, settings, memory = createVolatileMemory(), ...ports }: IpaPorts): Ipa {
  const chosen = { ...defaultSettings, ...settings }
  const connectivity = watchConnectivity(createSend({ ...ports, policy: chosen.retry }))
  const { send } = connectivity
  const exclusively = createQueue()
  let ready: ReadyCard | undefined
  let waiting: Promise<PollingOutcome> | undefined

  async function initialise(): Promise<ReadyCard | Failure> {
    const recorded: TraceEntry[] = []
    const later = trace && { record: (entry: TraceEntry) => void recorded.push(entry) }
    const outcome = await initialiseCard({ channel: card, trace: later, blockSize: chosen.blockSize })
    ready = outcome.kind === 'ready' ? outcome : undefined
    // Only now it is known whose messages they are.
    for (const entry of recorded) trace?.record(ready ? { eid: ready.eid, ...entry } : entry)
    return outcome
  }
  async function agentNow(): Promise<Agent | Failure> {
    const current = ready ?? (await initialise())
    if (current.kind === 'failure') return current
    return createAgent({ eid: current.eid, isdr: current.isdr, send, trace, memory, settings: chosen })
  }
  async function addInitialEim(request: Uint8Array): Promise<Answer<AddInitialEimResponse>> {
    const agent = await agentNow()
    return 'kind' in agent ? agent : agent.card.pass('AddInitialEim', request)
  }
  async function cycle(session = 1): Promise<PollingOutcome> {
    const agent = await agentNow()
    if ('kind' in agent) return { packagesProcessed: 0, failures: [agent] }
    const outcome = await runPollingCycle(agent)
    if (!outcome.failures.some(isCardLost)) return outcome
    ready = undefined
    return session < CARD_SESSIONS ? merge({ ...outcome, failures: [] }, await cycle(session + 1)) : outcome
  }
  /** A cycle, and another one over the Fallback Profile when that has become necessary. */
  async function cycleOrFallBack(): Promise<PollingOutcome> {
    const outcome = await cycle()
    const failedPolls = connectivity.pollEnded()
    const { fallbackAfterFailedPolls: limit } = chosen
    if (limit === 0 || failedPolls === 0 || failedPolls % limit > 0) return outcome
    const agent = await agentNow()
    if ('kind' in agent || (await executeFallback(agent)) !== undefined) return outcome
    const again = await cycle()
    connectivity.pollEnded()
    return merge(outcome, again)
  }
  /** A card that is lost over it begins anew the next time. */
  async function once<T>(act: (agent: Agent) => Promise<T>): Promise<T | Failure> {
    const agent = await agentNow()
    const outcome = 'kind' in agent ? agent : await act(agent)
    if (isLost(outcome)) ready = undefined
    return outcome
  }
  /** Something that somebody at the device asks for. */
  const locally =
    <T>(act: (agent: Agent) => Promise<T>) =>
    () =>
      exclusively(() => once(act))
  async function download(order: LocalOrder, session = 1): Promise<readonly LocalDownload[] | Failure> {
    const outcome = await once((agent) => downloadLocally(agent, order))
    return isLost(outcome) && session < CARD_SESSIONS ? download(order, session + 1) : outcome
  }
  async function take(message: Uint8Array): Promise<Uint8Array> {
    const taken = await exclusively(async () => {
      const agent = await agentNow()
      return 'kind' in agent ? undefined : takePackage(agent, message)
    })
    if (taken?.afterwards) void exclusively(taken.afterwards)
    return taken?.octets ?? CARD_AWAY
  }
  return {
    handleInject: injectHandler({ eid: () => ready?.eid, trace, take }),
    initialise: () => exclusively(initialise),
    addInitialEim: (request) => exclusively(() => addInitialEim(request)),
    returnFromFallback: locally(returnFromFallback),
    useEmergencyProfile: (isEmergency) => locally((agent) => useEmergencyProfile(agent, isEmergency))(),
    resetMemory: (resetOptions) => locally((agent) => resetMemory(agent, resetOptions))(),
    downloadProfile: (order) => exclusively(() => download(order)),
    poll() {
      const next =
        waiting ??
        exclusively(() => {
          waiting = undefined
          return cycleOrFallBack()
        })
      waiting = next
      return next
    },
  }
}

const isLost = (outcome: unknown): boolean =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && isCardLost(outcome as Failure)

/** TransferEimPackageResponse: undefinedError. */
const CARD_AWAY = Uint8Array.of(0xbf, 0x4e, 0x03, 0x02, 0x01, 0x7f)

type Queue = <T>(task: () => Promise<T>) => Promise<T>

/** Runs one task after the other, in the order in which they came. */
function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task)
    last = run.catch(() => {})
    return run
  }
}
