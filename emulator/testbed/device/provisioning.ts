import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import { type Faults, faultedProfile } from '../../faults/index.ts'
import type { Orders } from '../../smdp/index.ts'
import { type EimNorthbound, failureOf } from '../eim-northbound.ts'
import type { Certificates } from '../factory.ts'
import type { Device } from './device.ts'
import type { Order, OrderShape, Provisioning } from './lease.ts'
import { NotMade } from './new-device.ts'

/** Onboards the eUICC at the eIM and associates the eIM with the card, as a maker of devices does: SGP.32 v1.2, 3.5.2. */
export async function associate(
  device: Pick<Device, 'eid' | 'ipa'>,
  eim: EimNorthbound,
  presented: Certificates & { readonly specification?: Sgp32Version },
): Promise<void> {
  await eim.onboard(device.eid, presented)
  const answer = await device.ipa.addInitialEim(await eim.initialConfiguration(device.eid))
  if (answer.kind === 'failure')
    throw new NotMade(device.eid, `The card did not take its initial eIM configuration: ${answer.detail}`)
  const response = answer.value
  if (response.kind !== 'addInitialEimOk')
    throw new NotMade(device.eid, `The card refused its initial eIM configuration: ${response.value}`)
  const [result] = response.value
  if (result?.kind === 'associationToken') await eim.setAssociationToken(device.eid, result.value)
}

/** A matching identifier that no order has. */
const UNKNOWN_MATCHING_ID = 'NO-SUCH-ORDER'

/** What a lease needs, done through the same doors as anybody's. */
export function createProvisioning(eim: EimNorthbound, orders: Orders, faults: Faults): Provisioning {
  return {
    async order(eid, { fallbackAllowed = true, refuse }: OrderShape): Promise<Order> {
      const profile = {
        fallbackAllowed,
        template: 'minimal',
        ...(refuse === 'metadata' ? { profilePolicyRules: ['ppr1', 'ppr2'] as const } : {}),
      } as const
      const { iccid, matchingId, activationCode } = orders.create({ profile: faultedProfile(faults, eid, profile) })
      return {
        iccid,
        activationCode:
          refuse === 'matchingId' ? activationCode.replace(matchingId, UNKNOWN_MATCHING_ID) : activationCode,
      }
    },
    async execute(device, order) {
      const packageId = await eim.queue(device.eid, order)
      await device.poll()
      const failure = failureOf(await eim.package(packageId))
      if (failure !== undefined)
        throw new NotMade(device.eid, `${device.eid}: ${JSON.stringify(order)} did not succeed: ${failure}`)
    },
  }
}
