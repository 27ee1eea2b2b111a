import { enumeration, named, namedBits, optional, retag, sequence, utf8String, type ValueOf } from '../ber/index.ts'
import { VersionType } from './basics.ts'

/** ES10a: SGP.22 v2.5, 5.7. Addresses are FQDNs. */

/** ISDRProprietaryApplicationTemplate, in the answer to SELECT of the ISD-R: 5.7.1. */
export const ISDRProprietaryApplicationTemplate = named(
  'ISDRProprietaryApplicationTemplate',
  sequence(0xe0, {
    svn: retag(0x82, VersionType),
    lpaeSupport: optional(namedBits(0x03, ['lpaeUsingCat', 'lpaeUsingScws'])),
  }),
)
export type ISDRProprietaryApplicationTemplate = ValueOf<typeof ISDRProprietaryApplicationTemplate>

/** EuiccConfiguredAddressesRequest: 5.7.3. */
export const EuiccConfiguredAddressesRequest = named('EuiccConfiguredAddressesRequest', sequence(0xbf3c, {}))

/** EuiccConfiguredAddressesResponse: 5.7.3. */
export const EuiccConfiguredAddressesResponse = named(
  'EuiccConfiguredAddressesResponse',
  sequence(0xbf3c, { defaultDpAddress: optional(utf8String(0x80)), rootDsAddress: utf8String(0x81) }),
)
export type EuiccConfiguredAddressesResponse = ValueOf<typeof EuiccConfiguredAddressesResponse>

/** SetDefaultDpAddressRequest: 5.7.4. */
export const SetDefaultDpAddressRequest = named(
  'SetDefaultDpAddressRequest',
  sequence(0xbf3f, { defaultDpAddress: utf8String(0x80) }),
)
export type SetDefaultDpAddressRequest = ValueOf<typeof SetDefaultDpAddressRequest>

/** SetDefaultDpAddressResponse: 5.7.4. */
export const SetDefaultDpAddressResponse = named(
  'SetDefaultDpAddressResponse',
  sequence(0xbf3f, { setDefaultDpAddressResult: enumeration(0x80, { ok: 0, undefinedError: 127 }) }),
)
export type SetDefaultDpAddressResponse = ValueOf<typeof SetDefaultDpAddressResponse>

/** LpaeActivationRequest. */
export const LpaeActivationRequest = named(
  'LpaeActivationRequest',
  sequence(0xbf42, { lpaeOption: namedBits(0x80, ['activateCatBasedLpae', 'activateScwsBasedLpae']) }),
)

/** LpaeActivationResponse. */
export const LpaeActivationResponse = named(
  'LpaeActivationResponse',
  sequence(0xbf42, { lpaeActivationResult: enumeration(0x80, { ok: 0, notSupported: 1 }) }),
)
