/** Sequences of several clients, random or as they are written, against the reference model. */
import { type DataTable, Then, When } from '@cucumber/cucumber'
import { operationNames } from '../dialects/dialect.ts'
import type { Batch } from '../models/script.ts'
import { type Found, search, trial } from '../models/search.ts'
import { seesCard } from '../scenario/card.ts'
import { Nonconformity } from '../scenario/mismatch.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

function keep(world: ScenarioWorld, found: Found): void {
  world.script = found.script
  world.exchanges.push(...found.world.exchanges)
  world.devices.push(...found.world.devices)
  world.events.push(...found.world.events)
  for (const mismatch of found.mismatches) world.note(mismatch)
}

/** A line: `enable B, delete B`. */
const batchIn = (line: string): Batch =>
  line.split(',').map((text) => {
    const [operation = '', esim = ''] = text.trim().split(' ')
    const known = operationNames.find((name) => name === operation)
    if (known === undefined) throw new Error(`no operation "${operation}"; known: ${operationNames.join(', ')}`)
    return { operation: known, esim }
  })

When(
  'several clients send these operations, those of one line at the same time',
  async function (this: ScenarioWorld, table: DataTable) {
    if (!seesCard(this, 'operations at the same time against the model')) return
    const found = await trial(
      this,
      table.raw().map(([line = '']) => batchIn(line)),
    )
    if (found !== undefined) keep(this, found)
  },
)

When(
  '{int} random sequences of up to {int} batches of operations are sent by several clients',
  async function (this: ScenarioWorld, runs: number, batches: number) {
    if (!seesCard(this, 'random sequences against the model')) return
    const found = await search(this, { runs: this.session.modelRuns ?? runs, batches })
    if (found !== undefined) keep(this, found)
  },
)

Then('the eUICC and the API were after each batch as the model says', function (this: ScenarioWorld) {
  const [first] = this.mismatches
  if (first !== undefined) throw new Nonconformity(first)
})
