/** What lpac said and was answered over its stdio driver, said again to the card of today. */
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../bin/config.ts'
import { seededEntropy } from '../../emulator/euicc/entropy.ts'
import { createCard } from '../../emulator/euicc/index.ts'
import { serveLineJson } from '../../emulator/reader/index.ts'
import { createFactory, eidOf } from '../../emulator/testbed/index.ts'

interface Answer {
  readonly ecode: number
  readonly data?: string
}

interface Step {
  readonly line: string
  /** With all that GET RESPONSE brought behind it. Absent: the line asks nothing of the card. */
  readonly recorded?: Answer
}

const payloadOf = (line: string) => JSON.parse(line).payload
const isGetResponse = (line: string): boolean => /^81c00000..$/.test(payloadOf(line).param ?? '')

function withMore(before: Answer, more: Answer): Answer {
  return { ecode: more.ecode, data: (before.data ?? '').replace(/61..$/, '') + more.data }
}

/** Lines from lpac begin with `> `, the answers with `< `. */
function stepsOf(lines: readonly string[]): readonly Step[] {
  const steps: Step[] = []
  for (const [i, text] of lines.entries()) {
    const [line, next = ''] = [text.slice(2), lines[i + 1]]
    if (!text.startsWith('> ')) continue
    if (!next.startsWith('< ')) {
      steps.push({ line })
      continue
    }
    const before = isGetResponse(line) ? steps.pop() : undefined
    const recorded: Answer = payloadOf(next.slice(2))
    steps.push(before?.recorded ? { ...before, recorded: withMore(before.recorded, recorded) } : { line, recorded })
  }
  return steps
}

const runs = readFileSync(new URL('lpac-stdio.txt', import.meta.url), 'utf8')
  .split(/^# /m)
  .slice(1)
  .map((text) => {
    const [command = '', ...lines] = text.trimEnd().split('\n')
    return { command, steps: stepsOf(lines) }
  })

/** The card of the recording, and a voice that says one line at a time to it. */
async function connect() {
  const { seed } = readConfig({ environment: {} })
  const factory = await createFactory({ seed, now: Date.UTC(2026, 10, 22) })
  const entropy = seededEntropy(new TextEncoder().encode('lpac over stdio'))
  const card = createCard({ state: factory.card(eidOf('acme', 1)), entropy })
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })]
  const served = serveLineJson(card, input, output)
  const say = (line: string) => void input.write(`${line}\n`)
  const ask = async (line: string): Promise<Answer> => {
    const heard = new Promise((resolve) => output.once('data', resolve))
    say(line)
    return payloadOf(String(await heard))
  }
  const hangUp = () => {
    input.end()
    return served
  }
  return { say, ask, hangUp }
}

/** GET RESPONSE asks for as much as waits today, which need not be as much as waited then. */
const getResponse = (length: string): string =>
  JSON.stringify({ type: 'apdu', payload: { func: 'transmit', param: `81c00000${length}` } })

/** Answers that differ from card to card and from time to time: the tags that lpac looks for first. */
const varying = /^(bf43|bf22|bf2e|bf20|bf38(?=82....a0)|bf41(?=..a0)).*9000$/

const whatMatters = ({ ecode, data }: Answer): Answer =>
  data === undefined ? { ecode } : { ecode, data: data.replace(varying, '$1') }

describe('lpac over stdio finds what it found before:', async () => {
  const { say, ask, hangUp } = await connect()

  it.each(runs)('$command', async ({ steps }) => {
    for (const { line, recorded } of steps) {
      if (recorded === undefined) {
        say(line)
        continue
      }
      let answer = await ask(line)
      for (let waiting = waitingOf(answer); waiting !== undefined; waiting = waitingOf(answer))
        answer = withMore(answer, await ask(getResponse(waiting)))
      expect(whatMatters(answer), line).toEqual(whatMatters(recorded))
    }
  })

  it('and the card ends with its input', hangUp)
})

const waitingOf = ({ data = '' }: Answer): string | undefined => /61(..)$/.exec(data)?.[1]
