/** Random sequences of several clients against the reference model. */
import { Then, When } from '@cucumber/cucumber'
import { search } from '../models/search.ts'
import { seesCard } from '../scenario/card.ts'
import { Nonconformity } from '../scenario/mismatch.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

When(
  '{int} random sequences of up to {int} batches of operations are sent by several clients',
  async function (this: ScenarioWorld, runs: number, batches: number) {
    if (!seesCard(this, 'random sequences against the model')) return
    const found = await search(this, { runs: this.session.modelRuns ?? runs, batches })
    if (found === undefined) return
    this.script = found.script
    this.exchanges.push(...found.world.exchanges)
    this.devices.push(...found.world.devices)
    this.events.push(...found.world.events)
    for (const mismatch of found.mismatches) this.note(mismatch)
  },
)

Then('the eUICC and the API were after each batch as the model says', function (this: ScenarioWorld) {
  const [first] = this.mismatches
  if (first !== undefined) throw new Nonconformity(first)
})
