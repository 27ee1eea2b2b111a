/** What surrounds each scenario: its world, whether it applies, what is looked at when it ends. */
import { After, Before, setDefaultTimeout, setWorldConstructor } from '@cucumber/cucumber'
import type { Ics } from '../ics/ics.ts'
import { claimsOf, holdsUnder, requirementsOf } from '../requirements/index.ts'
import { expectNothingElse, expectOneEnabled } from '../scenario/card.ts'
import { edgesOf, edgesType } from '../scenario/edges.ts'
import { auditEvents } from '../scenario/event-rules.ts'
import { evidenceOf, evidenceType, named, openMismatches, reasonType } from '../scenario/evidence.ts'
import { Nonconformity, NotVerified } from '../scenario/mismatch.ts'
import type { ScenarioDevice } from '../scenario/model.ts'
import { ScenarioWorld } from '../scenario/world.ts'
import { isSteady } from '../testbed/clock-offset.ts'

setWorldConstructor(ScenarioWorld)
setDefaultTimeout(-1) // every wait in a step has its own limit

Before(function (this: ScenarioWorld, { pickle, testCaseStartedId }) {
  this.id = testCaseStartedId
  this.tags = pickle.tags.map(({ name }) => name)
  const reason = doesNotApply(this)
  if (reason === undefined) return undefined
  this.attach(JSON.stringify(reason), reasonType)
  return 'skipped'
})

After(async function (this: ScenarioWorld) {
  const { audits, dialect } = this.session // which this world no longer has when the run ends
  audits.set(this.id, () => [...openMismatches(this, dialect), ...named(dialect, auditEvents(this))])
  try {
    await Promise.all(this.events.map(({ examined }) => examined))
    for (const device of this.devices) {
      if (device.leased === undefined) continue
      await expectOneEnabled(this, device)
      await expectNothingElse(this, device)
    }
    for (const mismatch of auditEvents(this)) this.note(mismatch)
    const edges = await edgesOf(this)
    if (edges.length > 0) this.attach(JSON.stringify(edges), edgesType)
  } finally {
    if (this.mismatches.length > 0) {
      const script = this.script === undefined ? {} : { script: this.script }
      this.attach(JSON.stringify({ ...(await evidenceOf(this)), ...script }), evidenceType)
    }
    await Promise.all(this.devices.map((device) => giveBack(this, device)))
  }
  const [first] = this.mismatches
  if (first !== undefined) throw new Nonconformity(first)
  if (this.unverified.size > 0) throw new NotVerified('nobody sees the card', [...this.unverified])
})

async function giveBack({ session, mismatches }: ScenarioWorld, { leased, used }: ScenarioDevice): Promise<void> {
  const device = await leased?.catch(() => undefined)
  if (device !== undefined) await session.shelf.takeBack(device.lent, used || mismatches.length > 0)
}

/** Why this scenario is not asked of this target. `off`: the statement declares another reading. `skip`: we have not the means. */
function doesNotApply({
  tags,
  session: { ics, authorization, testbedClock },
}: ScenarioWorld): { verdict: 'off' | 'skip'; reason: string } | undefined {
  const claimed = new Set(claimsOf(ics.dialect, tags))
  const claims = requirementsOf(ics.dialect).filter(({ id }) => claimed.has(id))
  if (claims.length > 0 && !claims.some((requirement) => holdsUnder(requirement, ics))) {
    return { verdict: 'off', reason: `the conformance statement declares ${JSON.stringify(ics.readings)}` }
  }
  const other = tags.find((tag) => tag.startsWith(READING) && !holds(tag.slice(READING.length), ics))
  if (other !== undefined)
    return { verdict: 'off', reason: `${other}: the conformance statement declares ${JSON.stringify(ics.readings)}` }
  if (tags.includes('@needs:operation-time-limit') && ics.limits.operationTimeLimitSeconds === undefined) {
    return { verdict: 'off', reason: 'the conformance statement declares no operationTimeLimitSeconds' }
  }
  if (tags.includes('@needs:operation-retention') && ics.limits.operationRetentionSeconds === undefined) {
    return { verdict: 'off', reason: 'the conformance statement declares no operationRetentionSeconds' }
  }
  if (tags.includes('@needs:virtual-time') && isSteady(testbedClock)) {
    return { verdict: 'off', reason: 'it takes its time, and the clock of the testbed is not virtual (--time virtual)' }
  }
  if (tags.includes('@needs:signing-key') && !authorization.canSign) {
    return {
      verdict: 'skip',
      reason: 'without the signing key of the issuer no token can be made that is wrong in this one thing',
    }
  }
  return undefined
}

/** `name=word`: what a scenario needs to be declared so. */
const READING = '@reading:'
const holds = (reading: string, { readings }: Ics): boolean => {
  const [name = '', word] = reading.split('=')
  return readings[name as keyof Ics['readings']] === word
}
