/** What surrounds each scenario of a test definition. */
import { After, setDefaultTimeout, setWorldConstructor } from '@cucumber/cucumber'
import { type Evidence, evidenceType, wireTexts } from '../../scenario/evidence.ts'
import { Nonconformity } from '../../scenario/mismatch.ts'
import { UpstreamWorld } from '../world.ts'

setWorldConstructor(UpstreamWorld)
setDefaultTimeout(-1) // every wait in a step has its own limit

After(async function (this: UpstreamWorld) {
  const { mismatches, exchanges } = this
  const [first] = mismatches
  if (first === undefined) return
  const cards = await cardOf(this)
  const evidence: Evidence = { mismatches, exchanges: exchanges.map(wireTexts), events: [], cards, messages: [] }
  this.attach(JSON.stringify(evidence), evidenceType)
  throw new Nonconformity(first)
})

async function cardOf({ session: { testbed }, assets }: UpstreamWorld): Promise<Evidence['cards']> {
  const lease = await assets.leased()
  if (lease === undefined || testbed === undefined) return []
  const { profiles } = await testbed.device(lease.eid)
  const text = (esim: { readonly iccid: string; readonly state: string }): string => `${esim.iccid} ${esim.state}`
  return [{ eid: lease.eid, before: lease.profiles.map(text), after: profiles.map(text) }]
}
