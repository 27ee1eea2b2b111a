/** The intervals between attempts at a delivery: seen again for another event while nobody can tell whether they grow. */
import { until, watchHoldUps } from '../runner/clock-system.ts'
import { isSteady } from '../testbed/clock-offset.ts'
import { awaitEvent, eventsOf, inboxOf } from './events.ts'
import { ENOUGH_INTERVALS, FEWEST_INTERVALS, type Growth, growthOf } from './growth.ts'
import { NotVerified } from './mismatch.ts'
import { latestOperation, type Operation, type Scenario } from './model.ts'
import { send } from './request.ts'

interface Round {
  readonly growth: Growth
  readonly intervals: readonly number[]
}

const MOST_ROUNDS = 4
/** Nobody is blamed for what was seen once. */
const ROUNDS_TO_BLAME = 2
const what = 'intervals between deliveries, ms'

/** The latest operation is the first round: of an eSIM that was disabled and is enabled now. */
export async function expectGrowingIntervals(world: Scenario, alias: string): Promise<void> {
  const rounds: Round[] = []
  const flat = () => rounds.filter(({ growth }) => growth === 'does not grow')
  while (rounds.length < MOST_ROUNDS && flat().length < ROUNDS_TO_BLAME) {
    if (rounds.length > 0) await operateAgain(world, alias, rounds.length)
    const round = await seeRound(world, latestOperation(world))
    if (round.growth === 'grows') return
    rounds.push(round)
  }
  const actual = rounds.map(({ intervals }) => intervals)
  const requirement = 'delivery/growing-intervals'
  if (flat().length >= ROUNDS_TO_BLAME) world.fail({ requirement, what, expected: 'growing', actual })
  const isShort = actual.every(({ length }) => length < FEWEST_INTERVALS)
  const reason = isShort ? 'there were too few attempts' : 'the machine of the runner was held up itself'
  throw new NotVerified(reason, [`${what} ${JSON.stringify(actual)}`])
}

/** With a sink of its own, which takes nothing either. */
async function operateAgain(world: Scenario, alias: string, round: number): Promise<void> {
  world.draft.sink = `round-${round}`
  inboxOf(world).script(Array.from({ length: ENOUGH_INTERVALS }, () => ({ status: 500 })))
  const known = world.operations.length
  await send(world, round % 2 === 1 ? 'disableEsim' : 'enableEsim', { alias })
  if (world.operations.length === known) throw new Error('no operation was accepted to see another event of')
}

/** Until it is decided, or no further attempt comes. Afterwards the sink takes the event. */
async function seeRound(world: Scenario, operation: Operation): Promise<Round> {
  const { clock, testbedClock, ics } = world.session
  const { inbox } = await awaitEvent(world, operation)
  const holdUps = watchHoldUps()
  const isPaced = isSteady(testbedClock) // by the runner's clock, which a hold-up falsifies
  const look = (ended: boolean): Round => {
    const intervals = intervalsOf(world, operation)
    return { intervals, growth: growthOf({ intervals, heldUpMs: isPaced ? holdUps.longestMs() : 0, ended }) }
  }
  const timeoutMs = ics.timeouts.redeliverySeconds * 1000
  let [round, ended] = [look(false), false]
  while (!ended && round.growth === 'unclear' && round.intervals.length < ENOUGH_INTERVALS) {
    const known = round.intervals.length
    const more = () => intervalsOf(world, operation).length > known || undefined
    ended = (await until(more, { clock, timeoutMs })) === undefined
    round = look(ended)
  }
  holdUps.stop()
  inbox.script([])
  if (round.intervals.length > 0) return round
  const requirement = 'delivery/retried-until-taken'
  return world.fail({ requirement, what: 'deliveries of the event', expected: 'more than one', actual: 1 })
}

function intervalsOf(world: Scenario, operation: Operation): readonly number[] {
  const moments = eventsOf(world, operation).map(({ delivery }) => Math.round(delivery.pacedAt))
  return moments.slice(1).map((at, index) => at - (moments[index] ?? at))
}
