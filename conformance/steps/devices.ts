/** Given: the devices, eSIMs and orders of a scenario. */
import { Given } from '@cucumber/cucumber'
import { addDevice, eidOf, latestDevice, leased } from '../scenario/devices.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

Given('an eUICC', function (this: ScenarioWorld) {
  addDevice(this, '', 'own')
})

Given('an eUICC {string}', function (this: ScenarioWorld, name: string) {
  addDevice(this, name, 'own')
})

Given('an eUICC of another tenant', function (this: ScenarioWorld) {
  addDevice(this, '', 'other')
})

/** What a request needs so that nothing but the scenario's own fault can refuse it. */
Given(
  'an eUICC with an eSIM {string} that fits the request {string}',
  function (this: ScenarioWorld, alias: string, request: string) {
    const device = addDevice(this, '', 'own')
    if (request === 'downloadEsim') device.orders.push({ alias, shape: {} })
    else {
      const state = request === 'disableEsim' ? 'enabled' : 'disabled'
      device.profiles.push({ alias, shape: { state, fallbackAllowed: true } })
    }
  },
)

Given(
  /^the eUICC has an? (enabled|disabled) eSIM "([^"]+)"(.*)$/,
  function (this: ScenarioWorld, state: 'enabled' | 'disabled', alias: string, more: string) {
    const shape = profileShapes[more.trim()]
    if (shape === undefined)
      throw new Error(`no eSIM "${more.trim()}"; known: ${Object.keys(profileShapes).join(', ')}`)
    latestDevice(this).profiles.push({ alias, shape: { state, ...shape } })
  },
)

const profileShapes: Readonly<Record<string, { fallbackAllowed?: boolean; fallback?: boolean }>> = {
  '': { fallbackAllowed: true },
  'that is the fallback': { fallbackAllowed: true, fallback: true },
  'that may not become the fallback': { fallbackAllowed: false },
}

Given('the SM-DP+ has an order {string} for it', function (this: ScenarioWorld, alias: string) {
  latestDevice(this).orders.push({ alias, shape: {} })
})

Given(
  /^the SM-DP\+ has an order "([^"]+)" for it that it refuses for its (matchingId|metadata)$/,
  function (this: ScenarioWorld, alias: string, refuse: 'matchingId' | 'metadata') {
    latestDevice(this).orders.push({ alias, shape: { refuse } })
  },
)

Given('the device cannot be reached', async function (this: ScenarioWorld) {
  const device = latestDevice(this)
  await leased(this, device)
  await this.session.testbed.setReachable(await eidOf(this, device), false)
  device.unreachable = true
})

Given('the device can be reached again', async function (this: ScenarioWorld) {
  const device = latestDevice(this)
  device.unreachable = false
  await this.session.testbed.setReachable(await eidOf(this, device), true)
})
