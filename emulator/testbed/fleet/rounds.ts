/** Devices polled again and again, each so long after its poll before. */
import type { Time } from '../../ports/index.ts'

export interface RoundsOptions {
  readonly devices: number
  readonly intervalMs: number
  readonly time: Pick<Time, 'now' | 'delay'>
}

/** Polls under way at the same time: a connection each. */
const AT_ONCE = 256

/** `poll` says whether the device goes on. Devices do not come all at once, but spread over the first interval. */
export function createRounds(options: RoundsOptions, poll: (device: number) => Promise<boolean>) {
  const { devices, intervalMs, time } = options
  const waiting = createQueue(devices)
  const start = time.now()
  for (let device = 0; device < devices; device++) waiting.put(device, start + (intervalMs * device) / devices)
  let isStopped = false
  async function lane(): Promise<void> {
    for (let next = waiting.take(); next && !isStopped; next = waiting.take()) {
      const early = next.at - time.now()
      if (early > 0) await time.delay(early)
      if (!isStopped && (await poll(next.device))) waiting.put(next.device, time.now() + intervalMs)
    }
  }
  const lanes = Array.from({ length: Math.min(AT_ONCE, devices) }, lane)
  return {
    done: Promise.all(lanes).then(() => undefined),
    stop() {
      isStopped = true
    },
  }
}

/** In the order in which they are due, since all wait equally long. A ring: twelve octets for a device, of which each is in it once at most. */
function createQueue(capacity: number) {
  const devices = new Int32Array(capacity)
  const due = new Float64Array(capacity)
  let first = 0
  let length = 0
  return {
    put(device: number, at: number) {
      const place = (first + length++) % capacity
      devices[place] = device
      due[place] = at
    },
    take(): { readonly device: number; readonly at: number } | undefined {
      if (length === 0) return undefined
      const taken = { device: devices[first] ?? 0, at: due[first] ?? 0 }
      first = (first + 1) % capacity
      length -= 1
      return taken
    },
  }
}
