/** A whole operation of another device, to its event: the measure of time where nothing must have happened meanwhile. */
import { addDevice } from './devices.ts'
import { awaitEvent } from './events.ts'
import { latestOperation, newDraft, type Scenario } from './model.ts'
import { awaitCompletion } from './operations.ts'
import { send } from './request.ts'

export async function completeElsewhere(world: Scenario): Promise<void> {
  const [devices, operations] = [[...world.devices], [...world.operations]]
  const subscriptions = [...world.subscriptions]
  const alias = 'elsewhere'
  const device = addDevice(world, alias, 'own')
  device.profiles.push({ alias, shape: { state: 'disabled', fallbackAllowed: true } })
  if (world.session.dialect.routes.createSubscription !== undefined)
    await send(world, 'createSubscription', { device }, { ...newDraft(), sink: alias })
  await send(world, 'enableEsim', { alias }, { ...newDraft(), sink: alias })
  if (world.operations.length === operations.length) throw new Error('no operation was accepted to measure time with')
  const measure = latestOperation(world)
  await awaitCompletion(world, measure)
  if (world.session.dialect.event !== undefined) await awaitEvent(world, measure)
  const others = { devices: world.devices.slice(devices.length), operations: world.operations.slice(operations.length) }
  world.subscriptions.splice(0, Infinity, ...subscriptions)
  world.devices.splice(0, Infinity, ...others.devices, ...devices)
  world.operations.splice(0, Infinity, ...others.operations, ...operations)
}
