/** Profile elements outside of the applications. Keys and codes that are no parameters are test values. */
import { concatOctets, fromHex } from '../../../protocol/ber/index.ts'
import { iccidToProfileHeaderOctets } from '../../../protocol/identifiers/index.ts'
import type { PEHeader, ProfileElement, ServicesList } from '../../../protocol/saip/index.ts'
import { content, pinStatus, records } from './files.ts'
import { alphaIdentifier, iccidFile, type ProfileParameters } from './parameters.ts'

/** `fixed`: the same for every profile of the template, so it is encoded once. */
export interface ElementRow {
  readonly fixed: boolean
  readonly make: (header: PEHeader, parameters: ProfileParameters) => ProfileElement
}

export const fixed = (make: (header: PEHeader) => ProfileElement): ElementRow => ({ fixed: true, make })
export const personal = (make: ElementRow['make']): ElementRow => ({ fixed: false, make })

export const USIM_AID = fromHex('a0000000871002ff49ffff8900000100')
export const ISIM_AID = fromHex('a0000000871004ff49ffff8900000100')

/** EF.ARR: TCA eUICC Profile Package 3.3.1, 9.9. The rules that the file templates refer to by number, 1 to 14. */
const accessRules = [
  '8001019000 800102a406830101950108 800158a40683010a950108',
  '800101a406830101950108 80015aa40683010a950108',
  '80015ba40683010a950108',
  '8001019000 80011a9700 800140a40683010a950108',
  '800103a406830101950108 800158a40683010a950108',
  '800111a406830101950108 80014aa40683010a950108',
  '800103a406830101950108 800158a40683010a950108 840132a406830101950108',
  '800101a406830101950108 800102a406830181950108 800158a40683010a950108',
  '8001019000 80011aa406830101950108 800140a40683010a950108',
  '8001019000 80015aa40683010a950108',
  '8001019000 800118a40683010a950108 8001429700',
  '800101a406830101950108 80015a9700',
  '800113a406830101950108 800148a40683010a950108',
  '80015ea40683010a950108',
].map(fromHex)
const ACCESS_RULE_SIZE = 33
export const accessRuleFile = records(ACCESS_RULE_SIZE, accessRules.length, accessRules)

/** Profile version 2.3 is what the cards in the field understand. */
export const header = (profileType: string, services: ServicesList, templateIDs: readonly string[]): ElementRow =>
  personal((_, { iccid }) => ({
    kind: 'header',
    value: {
      'major-version': 2,
      'minor-version': 3,
      profileType,
      iccid: iccidToProfileHeaderOctets(iccid),
      'eUICC-Mandatory-services': services,
      'eUICC-Mandatory-GFSTEList': templateIDs,
    },
  }))

/** EF.DIR: ETSI TS 102 221, 13.1. */
const application = (aid: Uint8Array, label: string): Uint8Array => {
  const name = alphaIdentifier(label, 16)
  const template = concatOctets(Uint8Array.of(0x4f, aid.length), aid, Uint8Array.of(0x50, name.length), name)
  return concatOctets(Uint8Array.of(0x61, template.length), template)
}
const DIR_SIZE = 38

export const mf = (applications: 'USIM' | 'USIM and ISIM'): ElementRow =>
  personal((header, { iccid }) => ({
    kind: 'mf',
    value: {
      header,
      templateID: '2.23.143.1.2.1',
      mf: pinStatus('01810a'),
      'ef-pl': content(fromHex('656e')),
      'ef-iccid': content(iccidFile(iccid)),
      'ef-dir': records(DIR_SIZE, 2, [
        application(USIM_AID, 'USIM'),
        ...(applications === 'USIM and ISIM' ? [application(ISIM_AID, 'ISIM')] : []),
      ]),
      'ef-arr': accessRuleFile,
      'ef-umpc': content(fromHex('3c05000000')),
    },
  }))

const code = (digits: string): Uint8Array => {
  const octets = new Uint8Array(8).fill(0xff)
  octets.set(new TextEncoder().encode(digits))
  return octets
}

export const pukCodes = fixed((header) => ({
  kind: 'pukCodes',
  value: {
    header,
    pukCodes: [
      { keyReference: 'pukAppl1', pukValue: code('12345678'), 'maxNumOfAttemps-retryNumLeft': 0xaa },
      { keyReference: 'secondPUKAppl1', pukValue: code('87654321'), 'maxNumOfAttemps-retryNumLeft': 0xaa },
    ],
  },
}))

/** PIN 1 disabled, as for devices without a keypad. */
export const globalPins = fixed((header) => ({
  kind: 'pinCodes',
  value: {
    header,
    pinCodes: {
      kind: 'pinconfig',
      value: [
        {
          keyReference: 'pinAppl1',
          pinValue: code('0000'),
          unblockingPINReference: 'pukAppl1',
          pinAttributes: 6,
          'maxNumOfAttemps-retryNumLeft': 0x33,
        },
        {
          keyReference: 'adm1',
          pinValue: code('55555555'),
          pinAttributes: 1,
          'maxNumOfAttemps-retryNumLeft': 0xaa,
        },
      ],
    },
  },
}))

export const applicationPins = fixed((header) => ({
  kind: 'pinCodes',
  value: {
    header,
    pinCodes: {
      kind: 'pinconfig',
      value: [
        {
          keyReference: 'secondPINAppl1',
          pinValue: code('1234'),
          unblockingPINReference: 'secondPUKAppl1',
          pinAttributes: 1,
          'maxNumOfAttemps-retryNumLeft': 0x33,
        },
      ],
    },
  },
}))

/** The security domain of the operator, with its three SCP80 keys. */
export const securityDomain = fixed((header) => ({
  kind: 'securityDomain',
  value: {
    header,
    instance: {
      applicationLoadPackageAID: fromHex('a0000001515350'),
      classAID: fromHex('a000000151535041'),
      instanceAID: fromHex('a000000151000000'),
      applicationPrivileges: fromHex('82fc80'),
      lifeCycleState: fromHex('0f'),
      applicationSpecificParametersC9: fromHex('81028000'),
    },
    keyList: [
      { identifier: 1, usage: '38', key: '11223344556677881122334455667788' },
      { identifier: 2, usage: '34', key: '22334455667788112233445566778811' },
      { identifier: 3, usage: 'c8', key: '33445566778811223344556677881122' },
    ].map(({ identifier, usage, key }) => ({
      keyUsageQualifier: fromHex(usage),
      keyIdentifier: Uint8Array.of(identifier),
      keyVersionNumber: Uint8Array.of(1),
      keyComponents: [{ keyType: fromHex('88'), keyData: fromHex(key), macLength: 8 }],
    })),
  },
}))

/** Remote file management of the UICC and of the USIM, under the security domain of the operator. */
export const rfm = (of: 'UICC' | 'USIM'): ElementRow =>
  fixed((header) => ({
    kind: 'rfm',
    value: {
      header,
      instanceAID: fromHex(of === 'UICC' ? 'a00000055910100001' : 'a00000055910100002'),
      tarList: [fromHex(of === 'UICC' ? 'b00000' : 'b00001')],
      minimumSecurityLevel: fromHex('16'),
      uiccAccessDomain: fromHex('00'),
      uiccAdminAccessDomain: fromHex('00'),
      ...(of === 'USIM' && {
        adfRFMAccess: { adfAID: USIM_AID, adfAccessDomain: fromHex('00'), adfAdminAccessDomain: fromHex('00') },
      }),
    },
  }))

/** A transparent file of the operator's own below the MF, named 2FA0 and on. */
export const ownFile = (number: number, size: number): ElementRow =>
  fixed((header) => ({
    kind: 'genericFileManagement',
    value: {
      header,
      fileManagementCMD: [
        [
          { kind: 'filePath', value: new Uint8Array() },
          {
            kind: 'createFCP',
            value: {
              fileDescriptor: fromHex('4121'),
              fileID: Uint8Array.of(0x2f, 0xa0 + number),
              securityAttributesReferenced: fromHex('0a'),
              efFileSize: Uint8Array.of(size >> 8, size & 0xff),
            },
          },
          { kind: 'fillFileContent', value: new Uint8Array(size).fill(0xa0 + number) },
        ],
      ],
    },
  }))

export const end = fixed((header) => ({ kind: 'end', value: { header } }))
