/** Makes devices: a card, its IPA and the faults around both, known to the eIM. */
import { type EuiccProduct, systemEntropy } from '../../euicc/index.ts'
import { type CardCondition, createCardFaults, type Faults, faultyClient, type Senders } from '../../faults/index.ts'
import { createIpa, createVolatileMemory, type IpaSettings } from '../../ipa/index.ts'
import type { CardChannel, ProcessTime, Time } from '../../ports/index.ts'
import type { TraceLog } from '../../trace/index.ts'
import { systemRandom } from '../clock-system.ts'
import { type Contacts, fleetRow } from '../control/fleet.ts'
import { createEimNorthbound } from '../eim-northbound.ts'
import type { EventLog } from '../event-log.ts'
import type { Factory } from '../factory.ts'
import { KEPT, type TestbedOptions } from '../options.ts'
import type { Servers } from '../servers.ts'
import { createDevice, type Device } from './device.ts'
import type { ForeignParts } from './foreign-device.ts'
import { createKeeper } from './kept-card.ts'
import type { KeptDevice, NewDevice } from './new-device.ts'
import { associate } from './provisioning.ts'
import { originOf } from './recording.ts'

/** What devices share. */
export interface Shared {
  readonly time: Time | ProcessTime
  readonly faults: Faults
  readonly senders: Senders
  readonly factory: Factory
  readonly servers: Servers
  readonly trace: TraceLog
  readonly events: EventLog
  readonly contacts: Contacts
}

/** A device as it leaves its maker: its card made, the eIM associated. */
export function deviceMaker(options: TestbedOptions, parts: Shared & { readonly injectUrl: () => string | undefined }) {
  const { time, faults, senders, factory, servers, trace, events, contacts } = parts
  const { seed, pollIntervalMs, card: settings, latency = 'none', store, onError = () => {} } = options
  const eim = createEimNorthbound(servers.eim.handleNorthbound)
  return async (wanting: NewDevice | KeptDevice): Promise<Device> => {
    const { eid, owner, specification: wanted } = wanting
    const specification = wanted ?? options.specification ?? '1.2'
    const version = wanted && { specification: wanted }
    const made = {
      ...settings,
      ...version,
      ...(servers.smdsAddress !== undefined && { rootDsAddress: servers.smdsAddress }),
    }
    const takenUp = 'memory' in wanting ? wanting : undefined
    const state = { ...factory.card(eid, made), ...(takenUp && { memory: takenUp.memory, sequence: takenUp.sequence }) }
    const http = isKnownByConnection({ specification, ...options.ipa }) ? servers.ownHttp() : servers.http
    const cardFaults = createCardFaults({ faults, eid, delay: time.delay })
    const memory = store?.memoryOf(eid) ?? createVolatileMemory()
    const keeper = store && createKeeper(store, wanting)
    const device = createDevice({
      eid,
      owner,
      state,
      entropy: { ...systemEntropy, sign: cardFaults.signer(systemEntropy.sign) },
      productNow: (product) => underCondition(product, cardFaults.condition()),
      time,
      onEvent: (event) => events.append('card', event),
      latency,
      ipaOver: ({ card, network, crash }) =>
        createIpa({
          card: cardFaults.channel(card),
          http: faultyClient(network.over(http), { faults, senders, eid, delay: time.delay, crashIpa: crash }),
          settings: { ...options.ipa, specification },
          delay: time.delay,
          random: systemRandom,
          trace,
          memory,
        }),
      pollIntervalMs,
      kept: options.kept ?? KEPT,
      onError,
      origin: originOf(eid, seed, made),
      keep: keeper?.keep,
    })
    if (!takenUp)
      await associate(device, eim, { ...factory.certificates(eid), ...version }).catch((error) => {
        device.stopPolling()
        throw error
      })
    await keeper?.begin(device.card.state)
    const url = parts.injectUrl()
    if (url && options.inject) await eim.setInject(eid, { url: `${url}/${eid}`, binding: options.inject.binding })
    events.append('device', fleetRow(device, contacts))
    return device
  }
}

/** Results of v1.0.1, and installations that the eIM is told of first, name no eUICC: nobody else may use the connection. */
const isKnownByConnection = ({ specification, notificationReceiver }: Partial<IpaSettings>): boolean =>
  specification === '1.0.1' || notificationReceiver === 'eim'

/** Without faults: what is in the card is not ours to disturb. */
export function foreignParts(
  { pollIntervalMs, specification = '1.2', ipa, eim, onError = () => {} }: TestbedOptions,
  { servers, time, trace }: Pick<Shared, 'servers' | 'time' | 'trace'>,
  card: CardChannel,
): ForeignParts {
  const settings = { ...ipa, specification }
  return {
    card,
    ipaOver: (channel) =>
      createIpa({ card: channel, http: servers.ownHttp(), settings, delay: time.delay, random: systemRandom, trace }),
    eim: createEimNorthbound(servers.eim.handleNorthbound),
    eimId: eim.id,
    time,
    pollIntervalMs,
    onError,
  }
}

/** A product in a condition that a fault has put it into. */
function underCondition(product: EuiccProduct, { busy, nonVolatileMemory }: CardCondition): EuiccProduct {
  if (busy === undefined && nonVolatileMemory === undefined) return product
  return {
    ...product,
    ...(busy && { policy: { ...product.policy, toolkit: 'busy' } }),
    ...(nonVolatileMemory !== undefined && { limits: { ...product.limits, nonVolatileMemory } }),
  }
}
