/** Every function of ES10, by the tag of its request, on each kind of card. */

import type { EuiccProduct } from '../product.ts'
import { addInitialEim, addInitialEimV1_0_1 } from './add-initial-eim.ts'
import { authenticateServer } from './authenticate-server.ts'
import { cancelSession } from './cancel-session.ts'
import type { EuiccFunction } from './command.ts'
import { configureImmediateProfileEnabling } from './configure-immediate-profile-enabling.ts'
import { deleteProfile } from './delete-profile.ts'
import { disableProfile } from './disable-profile.ts'
import { disableEmergencyProfile, enableEmergencyProfile } from './emergency-profile.ts'
import { enableProfile } from './enable-profile.ts'
import { euiccMemoryReset, euiccMemoryResetIot, euiccMemoryResetV1_0_1 } from './euicc-memory-reset.ts'
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
import { enableUsingDD, immediateEnable } from './immediate-enable.ts'
import { ipaeActivation, lpaeActivation } from './ipae-activation.ts'
import { listNotification } from './list-notification.ts'
import { loadCrl } from './load-crl.ts'
import { loadEuiccPackage } from './load-euicc-package.ts'
import { prepareDownload } from './prepare-download.ts'
import { profileRollback } from './profile-rollback.ts'
import { removeNotificationFromList } from './remove-notification-from-list.ts'
import {
  retrieveNotificationsList,
  retrieveNotificationsListConsumer,
  retrieveNotificationsListV1_0_1,
} from './retrieve-notifications-list.ts'
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

/** SGP.32 v1.0.1. */
const rowsV1_0_1: readonly EuiccFunction[] = [
  addInitialEimV1_0_1,
  configureImmediateProfileEnabling,
  enableUsingDD,
  euiccMemoryResetV1_0_1,
  getCerts,
  getEimConfigurationData,
  loadEuiccPackage,
  profileRollback,
  retrieveNotificationsListV1_0_1,
]

const byTag = (...functions: readonly EuiccFunction[]): ReadonlyMap<number, EuiccFunction> =>
  new Map(functions.map((row) => [row.tag, row]))

type Functions = ReadonlyMap<number, EuiccFunction>

export const functions: Readonly<Record<'iot' | 'iotV1_0_1' | 'consumer', Functions>> = {
  iot: byTag(...rows, ...iotRows),
  iotV1_0_1: byTag(...rows, ...rowsV1_0_1),
  consumer: byTag(...rows, lpaeActivation, retrieveNotificationsListConsumer),
}

export const functionsOf = ({ personality, specification }: EuiccProduct): Functions =>
  functions[personality === 'iot' && specification === '1.0.1' ? 'iotV1_0_1' : personality]
