/** Wrong in what they order at the platform, and in what they believe of it. */
import type { OrderBody, PlacedOrder, Port, PortLayer, PortMutant, ToldPackage, ToldResult } from './port-layer.ts'

type Psmo = NonNullable<OrderBody['psmo']>[number]

/** The first operation of an order, by its name; nothing for a download. */
const operationOf = ({ order: { psmo = [] } }: PlacedOrder): string => Object.keys(psmo[0] ?? {})[0] ?? ''

const withPsmo = (placed: PlacedOrder, ...psmo: readonly Psmo[]): PlacedOrder => ({ ...placed, order: { psmo } })

const iccidOf = ({ order: { psmo = [] } }: PlacedOrder): string => Object.values(psmo[0] ?? {})[0]?.iccid ?? ''

/** Asks the card something in the place of the order, and tells that the order was done. */
function pretending(
  wanted: (placed: PlacedOrder) => boolean,
  then?: (placed: PlacedOrder, port: Port) => void,
): PortLayer {
  const pretended = new Map<string, string>()
  return {
    async order(placed, port) {
      if (!wanted(placed)) return port.place(placed)
      const told = await port.place(withPsmo(placed, { listProfileInfo: {} }))
      pretended.set(told.packageId, operationOf(placed))
      then?.(placed, port)
      return told
    },
    told(told) {
      const operation = pretended.get(told.packageId)
      return operation === undefined || told.result === undefined
        ? told
        : { ...told, result: { ...told.result, results: [{ operation, result: 'ok' }] } }
    },
  }
}

const results = (change: (result: ToldResult) => ToldResult) => () => ({
  told: (told: ToldPackage) => (told.result === undefined ? told : { ...told, result: change(told.result) }),
})

const eachResult = (from: (result: string) => boolean, to: string) =>
  results((result) => ({
    ...result,
    ...(result.results && {
      results: result.results.map((row) =>
        from(row.result) && row.operation !== 'listProfileInfo' ? { ...row, result: to } : row,
      ),
    }),
  }))

const ordering =
  (change: (placed: PlacedOrder, port: Port) => Promise<PlacedOrder>): PortMutant['layer'] =>
  () => ({ order: async (placed, port) => port.place(await change(placed, port)) })

export const portMutants: readonly PortMutant[] = [
  {
    id: 'port-another-esim',
    summary: 'orders to delete another eSIM of the device',
    breaks: 'esim-management/operations/executed-once',
    layer: ordering(async (placed, port) => {
      if (operationOf(placed) !== 'delete') return placed
      const { profiles } = await port.euicc(placed.eid)
      const other = profiles.find(({ iccid, state }) => iccid !== iccidOf(placed) && state === 'disabled')
      return other === undefined ? placed : withPsmo(placed, { delete: { iccid: other.iccid } })
    }),
  },
  {
    id: 'port-does-it-twice',
    summary: 'orders a fallback, takes it back, and orders it again',
    breaks: 'esim-management/operations/executed-once',
    layer: ordering(async (placed, port) => {
      if (operationOf(placed) !== 'setFallbackAttribute') return placed
      await port.place({ ...placed, key: `${placed.key}-first` })
      await port.place({ ...withPsmo(placed, { unsetFallbackAttribute: {} }), key: `${placed.key}-back` })
      return placed
    }),
  },
  {
    id: 'port-says-without-doing',
    summary: 'says that the eIM has done what it never ordered',
    breaks: 'esim-management/operations/completed-not-before-card',
    layer: () => pretending((placed) => operationOf(placed) === 'enable'),
  },
  {
    id: 'port-event-before-card',
    summary: 'tells the sink first, and orders it afterwards',
    breaks: 'esim-management/events/not-before-card',
    layer: () =>
      pretending(
        (placed) => operationOf(placed) === 'enable',
        (placed, port) =>
          void port
            .sleep(5000)
            .then(() => port.place({ ...placed, key: `${placed.key}-late` }))
            .catch(() => undefined), // the world may be gone
      ),
  },
  {
    id: 'port-refusal-as-success',
    summary: 'takes what the card refused for done',
    breaks: 'esim-management/enable/already-enabled',
    layer: eachResult((result) => result !== 'ok', 'ok'),
  },
  {
    id: 'port-success-as-failure',
    summary: 'takes what the card has done for refused',
    breaks: 'esim-management/enable/enables',
    layer: eachResult((result) => result === 'ok', 'undefinedError'),
  },
  {
    id: 'port-delete-for-disable',
    summary: 'orders to delete where it should disable',
    breaks: 'esim-management/disable/disables',
    layer: ordering(async (placed, port) => {
      if (operationOf(placed) !== 'disable') return placed
      await port.place({ ...placed, key: `${placed.key}-first` })
      return withPsmo(placed, { delete: { iccid: iccidOf(placed) } })
    }),
  },
  {
    id: 'port-result-never',
    summary: 'never hears of a result',
    breaks: 'esim-management/operations/result',
    layer: () => ({ told: ({ result: _, ...told }) => ({ ...told, state: 'delivered' }) }),
  },
  {
    id: 'port-inventory-frozen',
    summary: 'believes for ever what an eUICC had at first',
    breaks: 'esim-management/retrieve-status/is-the-truth',
    layer: () => {
      const first = new Map<string, readonly { iccid: string; state: string }[]>()
      return {
        inventory(euicc) {
          const profiles = first.get(euicc.eid) ?? euicc.profiles
          first.set(euicc.eid, profiles)
          return { ...euicc, profiles }
        },
      }
    },
  },
  {
    id: 'port-states-swapped',
    summary: 'takes enabled for disabled in the inventory of the eIM',
    breaks: 'esim-management/retrieve-status/is-the-truth',
    layer: () => ({
      inventory: (euicc) => ({
        ...euicc,
        profiles: euicc.profiles.map((profile) => ({
          ...profile,
          state: profile.state === 'enabled' ? 'disabled' : 'enabled',
        })),
      }),
    }),
  },
  {
    id: 'port-refused-download',
    summary: 'takes a download that was refused for done',
    breaks: 'esim-management/download/refusal-is-reported',
    layer: results((result) =>
      result.kind === 'profileDownloadError'
        ? { ...result, kind: 'profileInstallationResult', outcome: 'success' }
        : result,
    ),
  },
  {
    id: 'port-activation-forgotten',
    summary: 'never orders to enable what it has downloaded',
    breaks: 'esim-management/download/activates-on-request',
    layer: () => pretending((placed) => operationOf(placed) === 'enable'),
  },
]
