/** Recorded sessions of ESipa, ES9+, ES2+ and the northbound door, octet for octet: made again, said again to the servers, and answered again to an IPA. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answering, createDevice, createServers, type Exchange, perform, recording, repeat } from './testing/session.ts'

const fileOf = (binding: string) => `${import.meta.dirname}/sessions/${binding}.ndjson`
const toLines = (exchanges: readonly Exchange[]) => exchanges.map((one) => `${JSON.stringify(one)}\n`).join('')

const recorded = (binding: string): readonly Exchange[] =>
  readFileSync(fileOf(binding), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Exchange)

describe.each(['asn1', 'json'] as const)('a recorded session, ESipa in %s', (binding) => {
  const settings = { esipaBindings: { '*': binding } }

  test('comes out the same when it is made again', async () => {
    const { exchanges, from } = recording(createServers())
    await perform(from('operator'), createDevice(from('IPA'), settings))
    await expect(toLines(exchanges)).toMatchFileSnapshot(fileOf(binding))
  })

  test('gets the same answers from servers that hear it again, without a device', async () => {
    const session = recorded(binding)
    const { exchanges, from } = recording(createServers())
    for (const exchange of session) await repeat(from(exchange.from), exchange)
    expect(exchanges).toEqual(session)
  })

  test('is led the same by an IPA and a card that hear the answers again, without a server', async () => {
    const session = recorded(binding)
    const { exchanges, from } = recording(answering(session))
    await perform(from('operator'), createDevice(from('IPA'), settings))
    expect(exchanges).toEqual(session)
  })

  test('has both ways of a download, a package and a question in it', () => {
    const session = recorded(binding)
    const urls = session.filter(({ from }) => from === 'IPA').map(({ url }) => new URL(url).pathname)
    expect(urls.filter((path) => path.endsWith('getBoundProfilePackage')).length).toBe(binding === 'json' ? 2 : 1)
    expect(new Set(session.map(({ url }) => new URL(url).host))).toEqual(
      new Set(['northbound.test', 'smdp.test', 'eim.test']),
    )
    const { answer } = session.at(-1) as Exchange
    expect(answer.body.json).toMatchObject({ profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  })
})
