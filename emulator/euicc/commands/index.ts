/** Every function of ES10, by the tag of its request, on each kind of card. */

import type { Personality } from '../product.ts'
import { addInitialEim } from './add-initial-eim.ts'
import { authenticateServer } from './authenticate-server.ts'
import { cancelSession } from './cancel-session.ts'
import type { EuiccFunction } from './command.ts'
import { configureImmediateProfileEnabling } from './configure-immediate-profile-enabling.ts'
import { deleteProfile } from './delete-profile.ts'
import { disableProfile } from './disable-profile.ts'
import { disableEmergencyProfile, enableEmergencyProfile } from './emergency-profile.ts'
import { enableProfile } from './enable-profile.ts'
import { euiccMemoryReset, euiccMemoryResetIot } from './euicc-memory-reset.ts'
import { executeFallbackMechanism, returnFromFallback } from './fallback.ts'
import { getCerts } from './get-certs.ts'
import { getConnectivityParameters } from './get-connectivity-parameters.ts'
import { getEid } from './get-eid.ts'
import { getEimConfigurationData } from './get-eim-configuration-data.ts'
import { getEuiccChallenge } from './get-euicc-challenge.ts'
import { getEuiccConfiguredAddresses } from './get-euicc-configured-addresses.ts'
import { getEuiccInfo1, getEuiccInfo2 } from './get-euicc-info.ts'
import { getProfilesInfo } from './get-profiles-info.ts'
import { getRat } from './get-rat.ts'
import { immediateEnable } from './immediate-enable.ts'
import { ipaeActivation, lpaeActivation } from './ipae-activation.ts'
import { listNotification } from './list-notification.ts'
import { loadCrl } from './load-crl.ts'
import { loadEuiccPackage } from './load-euicc-package.ts'
import { prepareDownload } from './prepare-download.ts'
import { profileRollback } from './profile-rollback.ts'
import { removeNotificationFromList } from './remove-notification-from-list.ts'
import { retrieveNotificationsList, retrieveNotificationsListConsumer } from './retrieve-notifications-list.ts'
import { setDefaultDpAddress, setDefaultDpAddressIot } from './set-default-dp-address.ts'
import { setNickname } from './set-nickname.ts'

/** On both. */
const rows: readonly EuiccFunction[] = [
  authenticateServer,
  cancelSession,
  deleteProfile,
  disableProfile,
  enableProfile,
  euiccMemoryReset,
  getEid,
  getEuiccChallenge,
  getEuiccConfiguredAddresses,
  getEuiccInfo1,
  getEuiccInfo2,
  getProfilesInfo,
  getRat,
  listNotification,
  loadCrl,
  prepareDownload,
  removeNotificationFromList,
  setDefaultDpAddress,
  setNickname,
]

const iotRows: readonly EuiccFunction[] = [
  addInitialEim,
  configureImmediateProfileEnabling,
  disableEmergencyProfile,
  enableEmergencyProfile,
  euiccMemoryResetIot,
  executeFallbackMechanism,
  getCerts,
  getConnectivityParameters,
  getEimConfigurationData,
  immediateEnable,
  ipaeActivation,
  loadEuiccPackage,
  profileRollback,
  retrieveNotificationsList,
  returnFromFallback,
  setDefaultDpAddressIot,
]

const byTag = (...functions: readonly EuiccFunction[]): ReadonlyMap<number, EuiccFunction> =>
  new Map(functions.map((row) => [row.tag, row]))

export const functions: Readonly<Record<Personality, ReadonlyMap<number, EuiccFunction>>> = {
  iot: byTag(...rows, ...iotRows),
  consumer: byTag(...rows, lpaeActivation, retrieveNotificationsListConsumer),
}
