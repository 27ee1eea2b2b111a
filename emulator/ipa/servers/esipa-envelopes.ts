import { encode, explicit, sequence, sequenceOf, slice } from '../../../protocol/ber/index.ts'
import { EidValue } from '../../../protocol/sgp22/index.ts'
import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'

/** Messages of ESipa around octets that the eUICC has written and that are passed on as they are: SGP.32, 5.14.6 and 5.14.7. */
interface Envelopes {
  provideEimPackageResult(eidValue: string, eimPackageResult: Uint8Array): Uint8Array
  ePRAndNotifications(euiccPackageResult: Uint8Array, notificationList: readonly Uint8Array[]): Uint8Array
  handleNotification(pendingNotification: Uint8Array): Uint8Array
}

const list = sequenceOf(0xa0, slice())
const notification = explicit(0xbf3d, explicit(0xa0, slice()))
const handleNotification = (pendingNotification: Uint8Array) => encode(notification, pendingNotification)

const v1_2 = {
  provided: sequence(0xbf50, { eidValue: EidValue, eimPackageResult: slice() }),
  both: sequence(0x30, { euiccPackageResult: slice(), notificationList: list }),
}

const v1_0_1 = {
  provided: explicit(0xbf50, slice()),
  both: sequence(0x30, { euiccPackageResult: slice(), notificationList: explicit(0xbf2b, list) }),
}

export const envelopes: Readonly<Record<Sgp32Version, Envelopes>> = {
  '1.2': {
    provideEimPackageResult: (eidValue, eimPackageResult) => encode(v1_2.provided, { eidValue, eimPackageResult }),
    ePRAndNotifications: (euiccPackageResult, notificationList) =>
      encode(v1_2.both, { euiccPackageResult, notificationList }),
    handleNotification,
  },
  '1.0.1': {
    provideEimPackageResult: (_eidValue, eimPackageResult) => encode(v1_0_1.provided, eimPackageResult),
    ePRAndNotifications: (euiccPackageResult, notificationList) =>
      encode(v1_0_1.both, { euiccPackageResult, notificationList }),
    handleNotification,
  },
}
