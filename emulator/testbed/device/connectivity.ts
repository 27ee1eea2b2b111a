/** Whether and how well a device is connected: which profile is enabled decides. */
import { createDraws } from '../../faults/index.ts'
import type { HttpClient } from '../../ports/index.ts'

/** How the network treats a device with this profile enabled. */
export type ProfileLink = { readonly iccid: string } & (
  | { readonly dead: Readonly<Record<string, never>> }
  | { readonly slow: { readonly delayMs: number } }
  | { readonly lossy: { readonly chance: number; readonly seed?: number } }
)

export interface Connectivity {
  readonly reachable: boolean
  /** A profile without a row, and no profile at all, has good connectivity. */
  readonly profiles?: readonly ProfileLink[]
}

export interface NetworkPorts {
  readonly delay: (ms: number) => Promise<void>
  /** ICCID. */
  readonly enabledProfile: () => string | undefined
}

export interface Network {
  readonly connectivity: Connectivity
  change(connectivity: Connectivity): void
  /** The client as this device has it. It rejects where a message is lost. */
  over(http: HttpClient): HttpClient
}

type Link = (exchange: () => ReturnType<HttpClient>) => ReturnType<HttpClient>

export function createNetwork({ delay, enabledProfile }: NetworkPorts): Network {
  let connectivity: Connectivity = { reachable: true }
  let links: ReadonlyMap<string, Link> = new Map()
  return {
    get connectivity() {
      return connectivity
    },
    change(next) {
      connectivity = next
      links = new Map(next.profiles?.map((row) => [row.iccid, linkOf(row, delay)]))
    },
    over: (http) => async (url, message) => {
      if (!connectivity.reachable) throw new Error('The device has no connectivity.')
      const link = links.get(enabledProfile() ?? '')
      const exchange = () => http(url, message)
      return link ? link(exchange) : exchange()
    },
  }
}

function linkOf(row: ProfileLink, delay: NetworkPorts['delay']): Link {
  if ('dead' in row) return () => Promise.reject(new Error('The enabled profile has no connectivity.'))
  if ('lossy' in row) return lossyLink(row.lossy)
  return async (exchange) => {
    await delay(row.slow.delayMs)
    return exchange()
  }
}

/** A request and its answer are lost alike: of a lost answer the server does not know. */
function lossyLink({ chance, seed = 0 }: { readonly chance: number; readonly seed?: number }): Link {
  const draw = createDraws(seed)
  const pass = (what: string) => {
    if (draw() < chance) throw new Error(`The ${what} was lost.`)
  }
  return async (exchange) => {
    pass('request')
    const answer = await exchange()
    pass('answer')
    return answer
  }
}
