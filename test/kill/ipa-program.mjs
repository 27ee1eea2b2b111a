// The IPAs of some devices as a process of its own; their cards are elsewhere. Its only argument is a file with IpaProgram of roles.ts.
import { readFileSync } from 'node:fs'
import { createFileMemory, createIpa } from '../../dist/emulator/ipa/index.js'
import { createHttpClient } from '../../dist/emulator/ports/index.js'

const { cards, ca, pauseMs } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const http = createHttpClient({ ca: [ca] })
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const cardAt = (url) => {
  const post = async (path, body) => {
    const answer = await http(`${url}/${path}`, { method: 'POST', headers: {}, body })
    return answer.body
  }
  return { transmit: (command) => post('apdu', command), reset: () => post('reset', new Uint8Array()) }
}

const poll = async ({ url, memory }) => {
  const agent = createIpa({
    card: cardAt(url),
    http,
    delay,
    random: { octets: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    trace: { record: () => {} },
    memory: createFileMemory(memory),
    settings: { retry: { waitsMs: [50, 100, 200], jitter: 0.25 }, fallbackAfterFailedPolls: 0 },
  })
  for (;;) {
    await agent.poll()
    await delay(pauseMs)
  }
}

process.stdout.write(`${cards.map(({ url }) => url).join('\n')}\n`)
await Promise.all(cards.map(poll))
