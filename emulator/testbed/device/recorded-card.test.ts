import { expect, test } from 'vitest'
import { fromHex } from '../../../protocol/ber/index.ts'
import { type CardSettings, systemEntropy } from '../../euicc/index.ts'
import { createFactory } from '../factory.ts'
import { eidOf } from '../owners.ts'
import { createRecordedCard } from './recorded-card.ts'
import { originOf } from './recording.ts'
import { type ReplayedStep, replay } from './replay.ts'

const seed = 'recordings'
const eid = eidOf('acme', 1)
const commands = [
  '00a4040010a0000005591010ffffffff8900000100',
  '80e2910003bf5600',
  '80e2910003bf2e00',
  '80e2910003bf7a00',
]

async function recorded(settings: CardSettings): Promise<string> {
  const state = (await createFactory({ seed, now: 0 })).card(eid, settings)
  const card = createRecordedCard({ state, entropy: systemEntropy }, () => 0)
  for (const command of commands) await card.transmit(fromHex(command))
  return [originOf(eid, seed, settings), ...card.steps].map((line) => JSON.stringify(line)).join('\n')
}

async function replayed(text: string): Promise<readonly ReplayedStep[]> {
  const steps = []
  for await (const step of replay(text)) steps.push(step)
  return steps
}

const settings: CardSettings = {
  variants: ['certificatesWithoutChoice', 'dataAtOnce'],
  policy: { unknownFunction: 'instructionNotSupported' },
}

test('a recording names how its card was made, and is replayed on one that is made so', async () => {
  const steps = await replayed(await recorded(settings))
  expect(steps.map((step) => step.step === 'apdu' && step.replayed === step.recorded)).toEqual(commands.map(() => true))
  expect(steps.at(-1)).toMatchObject({ replayed: '6d00' })
})

test('without its settings the same recording differs', async () => {
  const [first = '', ...lines] = (await recorded(settings)).split('\n')
  const { card: _settings, ...origin } = JSON.parse(first)
  const steps = await replayed([JSON.stringify(origin), ...lines].join('\n'))
  expect(steps.at(-1)).not.toMatchObject({ replayed: '6d00' })
  expect(originOf(eid, seed)).toEqual(origin)
})

test('no more steps are kept than wanted: the first ones, with which a replay begins', async () => {
  const state = (await createFactory({ seed, now: 0 })).card(eid)
  const card = createRecordedCard({ state, entropy: systemEntropy, keptSteps: 2 }, () => 0)
  for (let i = 0; i < 3; i++) await card.reset()
  expect(card.steps).toHaveLength(2)
})
