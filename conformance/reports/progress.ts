/** While asking: on a terminal a bar with counts and the check in hand, else plain lines. */
import type { ScenarioResult } from '../runner/collect.ts'
import type { Verdict } from '../runner/verdict.ts'
import { marks } from './terminal.ts'

export interface Progress {
  readonly started: (name: string) => void
  readonly ended: (result: ScenarioResult) => void
  readonly close: () => void
}

interface ProgressOptions {
  readonly total: number
  readonly write: (text: string) => void
  readonly terminal: boolean
}

export const createProgress = ({ total, write, terminal }: ProgressOptions): Progress =>
  terminal ? bar(total, write) : lines(total, write)

const isBad = (verdict: Verdict): boolean => verdict === 'fail' || verdict === 'error'
const lineOf = ({ verdict, feature, name }: ScenarioResult): string => `${marks[verdict]} ${feature}: ${name}\n`

/** A line for the first scenario, for each tenth of them, and for each one that is not as it should be. */
function lines(total: number, write: (text: string) => void): Progress {
  let done = 0
  return {
    started: () => undefined,
    ended: (result) => {
      done++
      const isTenth = Math.floor((done * 10) / total) > Math.floor(((done - 1) * 10) / total)
      if (isBad(result.verdict) || done === 1) write(lineOf(result))
      else if (isTenth) write(`     ${done} of ${total} scenarios\n`)
    },
    close: () => undefined,
  }
}

const WIDTH = 24
const NAME_WIDTH = 60
/** ECMA-48: to the first column, erase the line. */
const CLEAR = '\r\x1b[2K'

function bar(total: number, write: (text: string) => void): Progress {
  const counts = new Map<Verdict, number>()
  let done = 0
  const draw = (inHand: string): void => {
    const full = Math.round((done * WIDTH) / Math.max(total, 1))
    const told = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')
    const shape = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`
    write(`${CLEAR}${shape} ${done}/${total} ${told}  ${inHand.slice(0, NAME_WIDTH)}`)
  }
  return {
    started: draw,
    ended: (result) => {
      done++
      counts.set(result.verdict, (counts.get(result.verdict) ?? 0) + 1)
      if (isBad(result.verdict)) write(`${CLEAR}${lineOf(result)}`)
      draw(result.name)
    },
    close: () => write(CLEAR),
  }
}
