import type { Send } from './servers/retry.ts'

/** Polls in a row in which servers were asked and none was there. */
export interface Connectivity {
  readonly send: Send
  /** To be called when a polling cycle has ended. How many there are now. */
  pollEnded(): number
}

export function watchConnectivity(send: Send): Connectivity {
  let failedPolls = 0
  let lost = false
  let reached = false
  return {
    async send(hop, url, message) {
      const answer = await send(hop, url, message)
      if ('kind' in answer) lost = true
      else reached = true
      return answer
    },
    pollEnded() {
      if (reached) failedPolls = 0
      else if (lost) failedPolls += 1
      reached = false
      lost = false
      return failedPolls
    },
  }
}
