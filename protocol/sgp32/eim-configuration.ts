import {
  choice,
  enumeration,
  explicit,
  flag,
  foreignSequence,
  integer,
  named,
  namedBits,
  optional,
  retag,
  sequence,
  sequenceOf,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import { Certificate, SubjectKeyIdentifier } from '../sgp22/index.ts'

/** eIM Configuration Data: SGP.32 v1.2, 2.11.1.1.1, and the ES10b functions for it. */

export const EimId = utf8String(0x80, { min: 1, max: 128 })

/** SubjectPublicKeyInfo: its DER. */
export const SubjectPublicKeyInfo = foreignSequence('SubjectPublicKeyInfo')

export const EimIdType = enumeration(0x02, { eimIdTypeOid: 1, eimIdTypeFqdn: 2, eimIdTypeProprietary: 3 })
export type EimIdType = ValueOf<typeof EimIdType>

/** EimConfigurationData. An associationToken of -1 asks the eUICC to make one. */
export const EimConfigurationData = named(
  'EimConfigurationData',
  sequence(0x30, {
    eimId: EimId,
    eimFqdn: optional(utf8String(0x81)),
    eimIdType: optional(retag(0x82, EimIdType)),
    counterValue: optional(integer(0x83)),
    associationToken: optional(integer(0x84)),
    eimPublicKeyData: optional(
      explicit(
        0xa5,
        choice('eimPublicKeyData', {
          eimPublicKey: retag(0xa0, SubjectPublicKeyInfo),
          eimCertificate: retag(0xa1, Certificate),
        }),
      ),
    ),
    trustedPublicKeyDataTls: optional(
      explicit(
        0xa6,
        choice('trustedPublicKeyDataTls', {
          trustedEimPkTls: retag(0xa0, SubjectPublicKeyInfo),
          trustedCertificateTls: retag(0xa1, Certificate),
        }),
      ),
    ),
    eimSupportedProtocol: optional(
      namedBits(0x87, ['eimRetrieveHttps', 'eimRetrieveCoaps', 'eimInjectHttps', 'eimInjectCoaps', 'eimProprietary']),
    ),
    euiccCiPKId: optional(retag(0x88, SubjectKeyIdentifier)),
    indirectProfileDownload: optional(flag(0x89)),
  }),
)
export type EimConfigurationData = ValueOf<typeof EimConfigurationData>

/** AddInitialEimRequest: 5.9.4. */
export const AddInitialEimRequest = named(
  'AddInitialEimRequest',
  sequence(0xbf57, { eimConfigurationDataList: sequenceOf(0xa0, EimConfigurationData) }),
)
export type AddInitialEimRequest = ValueOf<typeof AddInitialEimRequest>

/** AddInitialEimResponse: 5.9.4. One element for each of the request, in its order. */
export const AddInitialEimResponse = explicit(
  0xbf57,
  choice('AddInitialEimResponse', {
    addInitialEimOk: sequenceOf(0xa0, choice('addInitialEimOk', { associationToken: integer(0x84), addOk: flag() })),
    addInitialEimError: enumeration(0x81, {
      insufficientMemory: 1,
      associatedEimAlreadyExists: 2,
      ciPKUnknown: 3,
      invalidAssociationToken: 5,
      counterValueOutOfRange: 6,
      commandError: 7,
      undefinedError: 127,
    }),
  }),
)
export type AddInitialEimResponse = ValueOf<typeof AddInitialEimResponse>

/** GetEimConfigurationDataRequest: 5.9.18. */
export const GetEimConfigurationDataRequest = named(
  'GetEimConfigurationDataRequest',
  sequence(0xbf55, { searchCriteria: optional(explicit(0xa0, choice('searchCriteria', { eimId: EimId }))) }),
)
export type GetEimConfigurationDataRequest = ValueOf<typeof GetEimConfigurationDataRequest>

/** GetEimConfigurationDataResponse: 5.9.18. */
export const GetEimConfigurationDataResponse = named(
  'GetEimConfigurationDataResponse',
  sequence(0xbf55, { eimConfigurationDataList: sequenceOf(0xa0, EimConfigurationData) }),
)
export type GetEimConfigurationDataResponse = ValueOf<typeof GetEimConfigurationDataResponse>
