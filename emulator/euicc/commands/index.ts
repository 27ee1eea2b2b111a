/** Every function of ES10 that this card has, by the tag of its request. */
import { addInitialEim } from './add-initial-eim.ts'
import { authenticateServer } from './authenticate-server.ts'
import { cancelSession } from './cancel-session.ts'
import type { EuiccFunction } from './command.ts'
import { deleteProfile } from './delete-profile.ts'
import { disableProfile } from './disable-profile.ts'
import { enableProfile } from './enable-profile.ts'
import { getCerts } from './get-certs.ts'
import { getEid } from './get-eid.ts'
import { getEimConfigurationData } from './get-eim-configuration-data.ts'
import { getEuiccChallenge } from './get-euicc-challenge.ts'
import { getEuiccConfiguredAddresses } from './get-euicc-configured-addresses.ts'
import { getEuiccInfo1, getEuiccInfo2 } from './get-euicc-info.ts'
import { getProfilesInfo } from './get-profiles-info.ts'
import { getRat } from './get-rat.ts'
import { listNotification } from './list-notification.ts'
import { loadEuiccPackage } from './load-euicc-package.ts'
import { prepareDownload } from './prepare-download.ts'
import { removeNotificationFromList } from './remove-notification-from-list.ts'
import { retrieveNotificationsList } from './retrieve-notifications-list.ts'
import { setDefaultDpAddress, setDefaultDpAddressIot } from './set-default-dp-address.ts'
import { setNickname } from './set-nickname.ts'

const rows: readonly EuiccFunction[] = [
  addInitialEim,
  authenticateServer,
  cancelSession,
  deleteProfile,
  disableProfile,
  enableProfile,
  getCerts,
  getEid,
  getEimConfigurationData,
  getEuiccChallenge,
  getEuiccConfiguredAddresses,
  getEuiccInfo1,
  getEuiccInfo2,
  getProfilesInfo,
  getRat,
  listNotification,
  loadEuiccPackage,
  prepareDownload,
  removeNotificationFromList,
  retrieveNotificationsList,
  setDefaultDpAddress,
  setDefaultDpAddressIot,
  setNickname,
]

export const functions: ReadonlyMap<number, EuiccFunction> = new Map(rows.map((row) => [row.tag, row]))
