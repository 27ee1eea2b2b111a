/** The resource `clock` of the control API. */
import type { Time, VirtualTime } from '../../ports/index.ts'
import { problem, type Reply, type Route } from '../../rest/index.ts'
import * as schemas from './schemas/clock.ts'

const isVirtual = (time: Time): time is VirtualTime => 'advance' in time

const answers = { 200: { description: 'The clock.', schema: schemas.clock } }

function view(time: Time): Reply {
  const now = new Date(time.now()).toISOString()
  const body = isVirtual(time) ? { now, mode: 'virtual', paused: time.isPaused } : { now, mode: 'real' }
  return { status: 200, body }
}

interface ClockChange {
  readonly advanceMs?: number
  readonly paused?: boolean
}

export function clockRoutes(time: Time): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/clock',
      summary: 'The clock of all emulated roles.',
      answers,
      handle: () => view(time),
    },
    {
      method: 'POST',
      path: '/clock',
      summary:
        'Stops a virtual clock or lets it go on, and advances it; answers when what that set off has come to rest.',
      body: schemas.clockChange,
      answers: { ...answers, 409: { description: 'The clock is the machine\u2019s.' } },
      async handle({ body }) {
        if (!isVirtual(time)) return problem(409, 'The clock is real', 'Start the testbed with --time virtual.')
        const { advanceMs, paused } = body as ClockChange
        if (paused === true) time.pause()
        if (advanceMs !== undefined) await time.advance(advanceMs)
        if (paused === false) time.resume()
        return view(time)
      },
    },
  ]
}
