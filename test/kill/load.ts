/** A consumer that asks for one eUICC's operations one after the other, and repeats each request until it is answered. */
import type { Asked } from './model.ts'
import type { KillWorld, Lease } from './world.ts'

export interface Accepted extends Asked {
  readonly operationId: string
}

interface Consumer {
  readonly world: KillWorld
  readonly lease: Lease
  readonly token: string
  /** API roots; any of them will do. */
  readonly roots: readonly string[]
  readonly random: () => number
}

/** At most so many wait for the card. */
const longestQueue = 3
const pauseMs = 20

export const createLoad = ({ world, lease, token, roots, random }: Consumer) => {
  const accepted: Accepted[] = []
  const path = `/${lease.eid}`
  const orders = [...lease.orders]
  const [downloaded, used] = [new Map<string, string>(), new Set<string>()]
  let stopping = false

  /** By operation; an event may come again, and then it is the same. */
  const told = new Map<string, string>()
  const events: string[] = []
  world.sink.hear(path, (text) => {
    told.set(String(JSON.parse(text).data.operationId), text)
    events.push(text)
  })

  const choose = (): Asked & { readonly activationCode?: string } => {
    const dice = random()
    const ready = [...downloaded].find(([iccid, operationId]) => told.has(operationId) && !used.has(iccid))
    if (dice < 0.1 && ready) {
      used.add(ready[0])
      return { kind: 'delete', iccid: ready[0] }
    }
    const order = dice > 0.9 ? orders.shift() : undefined
    if (order) return { kind: 'download', ...order }
    const { iccid = '' } = lease.profiles[random() < 0.5 ? 0 : 1] ?? {}
    return { kind: dice < 0.55 ? 'enable' : 'disable', iccid }
  }

  const ask = async ({ kind, iccid, activationCode }: ReturnType<typeof choose>): Promise<void> => {
    const body = JSON.stringify({
      esim: { eid: lease.eid, iccid },
      sink: `${world.sink.url}${path}`,
      ...(activationCode && { activationCode, activateOnDownload: true }),
    })
    const key = `${lease.eid}-${accepted.length}`
    for (let attempt = 0; ; attempt++) {
      const answer = await send(`${roots[attempt % roots.length]}/esim/${kind}`, { key, body, token })
      if (answer?.status === 202) {
        const { operationId } = answer.body
        if (kind === 'download') downloaded.set(iccid, operationId)
        accepted.push({ kind, iccid, operationId })
        return
      }
      if (answer && answer.status < 500) throw new Error(`${kind}: ${answer.status} ${JSON.stringify(answer.body)}`)
      await pause()
    }
  }

  return {
    accepted,
    told: told as ReadonlyMap<string, string>,
    events: events as readonly string[],
    async run(): Promise<void> {
      while (!stopping) {
        if (accepted.length - told.size < longestQueue) await ask(choose())
        else await pause()
      }
    },
    stop() {
      stopping = true
    },
  }
}

export type Load = ReturnType<typeof createLoad>

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs))

interface Post {
  readonly key: string
  readonly body: string
  readonly token: string
}

/** undefined: no answer. */
const send = async (
  url: string,
  { key, body, token }: Post,
): Promise<{ readonly status: number; readonly body: { readonly operationId: string } } | undefined> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body,
      signal: AbortSignal.timeout(5000),
    })
    return { status: answer.status, body: (await answer.json()) as { operationId: string } }
  } catch {
    return undefined
  }
}
