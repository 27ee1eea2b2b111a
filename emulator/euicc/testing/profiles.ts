/** Small profile packages for tests. */
import { concatOctets, encode, fromHex } from '../../../protocol/ber/index.ts'
import { iccidToOctets, iccidToProfileHeaderOctets } from '../../../protocol/identifiers/index.ts'
import { type File, ProfileElement } from '../../../protocol/saip/index.ts'
import type { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'

export const ICCID = '8949000000000000001'
export const ICCID_2 = '8949000000000000019'
export const ICCID_3 = '8949000000000000027'

export const USIM_AID = fromHex('a0000000871002ff49ffff8900000100')

export const allEvents = [
  'notificationInstall',
  'notificationEnable',
  'notificationDisable',
  'notificationDelete',
] as const

export const metadataOf = (iccid: string, changes: Partial<StoreMetadataRequest> = {}): StoreMetadataRequest => ({
  iccid,
  serviceProviderName: 'Operator',
  profileName: `Profile ${iccid}`,
  profileClass: 'operational',
  fallbackAllowed: true,
  notificationConfigurationInfo: [
    { profileManagementOperation: allEvents, notificationAddress: 'smdp.example.com' },
    {
      profileManagementOperation: ['notificationEnable', 'notificationDelete'],
      notificationAddress: 'other.example.com',
    },
  ],
  ...changes,
})

const content = (octets: Uint8Array): File => [{ kind: 'fillFileContent', value: octets }]
const records = (size: number, value: Uint8Array): File => [
  {
    kind: 'fileDescriptor',
    value: { fileDescriptor: Uint8Array.of(0x42, 0x21, 0, size), efFileSize: Uint8Array.of(size) },
  },
  { kind: 'fillFileContent', value },
]
const header = (identification: number) => ({ mandated: true as const, identification })
const imsi = fromHex('082926010000000010')

type FiveElements = readonly [ProfileElement, ProfileElement, ProfileElement, ProfileElement, ProfileElement]

/** Header, MF, USIM, AKA, end. IMSI 262100000000001. */
export function elementsOf(iccid: string): FiveElements {
  return [
    {
      kind: 'header',
      value: {
        'major-version': 2,
        'minor-version': 3,
        profileType: 'test',
        iccid: iccidToProfileHeaderOctets(iccid),
        'eUICC-Mandatory-services': { usim: true, milenage: true },
        'eUICC-Mandatory-GFSTEList': ['2.23.143.1.2.1', '2.23.143.1.2.4'],
        connectivityParameters: fromHex('3501'),
      },
    },
    {
      kind: 'mf',
      value: {
        header: header(1),
        templateID: '2.23.143.1.2.1',
        mf: [],
        'ef-iccid': content(iccidToOctets(iccid)),
        'ef-dir': records(26, fromHex(`61184f10${'a0000000871002ff49ffff8900000100'}50045553494d`)),
        'ef-arr': records(10, fromHex('8001019000')),
      },
    },
    {
      kind: 'usim',
      value: {
        header: header(2),
        templateID: '2.23.143.1.2.4',
        'adf-usim': [{ kind: 'fileDescriptor', value: { fileID: fromHex('7ff0'), dfName: USIM_AID } }],
        'ef-imsi': content(imsi),
        'ef-arr': records(10, fromHex('8001019000')),
        'ef-ust': content(new Uint8Array(14)),
        'ef-spn': content(new Uint8Array(17)),
        'ef-est': content(Uint8Array.of(0)),
        'ef-acc': content(Uint8Array.of(0, 1)),
        'ef-ad': [],
        'ef-ecc': content(fromHex('11f2ff00')),
      },
    },
    {
      kind: 'akaParameter',
      value: {
        header: header(3),
        algoConfiguration: {
          kind: 'algoParameter',
          value: {
            algorithmID: 'milenage',
            algorithmOptions: Uint8Array.of(1),
            key: new Uint8Array(16).fill(1),
            opc: new Uint8Array(16).fill(2),
            numberOfKeccak: 1,
          },
        },
      },
    },
    { kind: 'end', value: { header: header(4) } },
  ]
}

export const packageOf = (elements: readonly ProfileElement[]): Uint8Array =>
  concatOctets(...elements.map((element) => encode(ProfileElement, element)))

/** TCA eUICC Profile Package 3.3.1, 9.9: the rules that templates refer to by number, as far as tests need them. */
const accessRules = [
  '8001019000800102a406830101950108800158a40683010a950108',
  '800101a40683010195010880015aa40683010a950108',
  '80015ba40683010a950108',
  '800101900080011a9700800140a40683010a950108',
  '800103a406830101950108800158a40683010a950108',
].map((hex) => concatOctets(fromHex(hex), new Uint8Array(33 - hex.length / 2).fill(0xff)))

const accessRuleFile = (rules: readonly Uint8Array[] = accessRules): File => [
  {
    kind: 'fileDescriptor',
    value: { fileDescriptor: Uint8Array.of(0x42, 0x21, 0, 33), efFileSize: Uint8Array.of(33 * rules.length) },
  },
  ...rules.map((value) => ({ kind: 'fillFileContent', value }) as const),
]

const code = (digits: string): Uint8Array => Uint8Array.from({ length: 8 }, (_, i) => digits.charCodeAt(i) || 0xff)

const pinned = (references: string): File => [
  { kind: 'fileDescriptor', value: { pinStatusTemplateDO: fromHex(references) } },
]

/** 3GPP TS 35.208, test set 1. */
export const MILENAGE_KEY = {
  key: fromHex('465b5ce8b199b49faa5f0a2ee238a6bc'),
  opc: fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
}

/**
 * The same with access rules, PIN 1234 (enabled; PUK 12345678), second PIN 5678, ADM 55555555 and the key of a published test set. The file 6F45 of
 * the USIM has records, 6F46 is cyclic; both are for the PIN.
 */
export function securedElementsOf(iccid: string): readonly ProfileElement[] {
  const [head, mf, usim, aka, end] = elementsOf(iccid)
  if (mf.kind !== 'mf' || usim.kind !== 'usim' || aka.kind !== 'akaParameter') throw new Error('other elements')
  const { algoConfiguration } = aka.value
  if (algoConfiguration.kind !== 'algoParameter') throw new Error('no key')
  const { value: adf } = usim.value['adf-usim'][0] ?? {}
  if (typeof adf !== 'object' || !('dfName' in adf)) throw new Error('no ADF')
  const created = (fileID: string, descriptor: string, size: number) =>
    ({
      kind: 'createFCP',
      value: {
        fileID: fromHex(fileID),
        fileDescriptor: fromHex(descriptor),
        efFileSize: Uint8Array.of(size),
        securityAttributesReferenced: fromHex('6f0605'),
      },
    }) as const
  return [
    head,
    { ...mf, value: { ...mf.value, mf: pinned('010a'), 'ef-pl': [], 'ef-arr': accessRuleFile() } },
    {
      kind: 'pukCodes',
      value: {
        header: header(11),
        pukCodes: [{ keyReference: 'pukAppl1', pukValue: code('12345678'), 'maxNumOfAttemps-retryNumLeft': 0x22 }],
      },
    },
    {
      kind: 'pinCodes',
      value: {
        header: header(12),
        pinCodes: {
          kind: 'pinconfig',
          value: [
            {
              keyReference: 'pinAppl1',
              pinValue: code('1234'),
              unblockingPINReference: 'pukAppl1',
              pinAttributes: 7,
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
    },
    {
      ...usim,
      value: {
        ...usim.value,
        'adf-usim': [{ kind: 'fileDescriptor', value: { ...adf, pinStatusTemplateDO: fromHex('01810a') } }],
        'ef-arr': accessRuleFile(),
      },
    },
    {
      kind: 'pinCodes',
      value: {
        header: header(13),
        pinCodes: {
          kind: 'pinconfig',
          value: [
            {
              keyReference: 'secondPINAppl1',
              pinValue: code('5678'),
              pinAttributes: 1,
              'maxNumOfAttemps-retryNumLeft': 0x33,
            },
          ],
        },
      },
    },
    {
      kind: 'genericFileManagement',
      value: {
        header: header(14),
        fileManagementCMD: [
          [
            { kind: 'filePath', value: fromHex('7ff0') },
            created('6f45', '42210004', 12),
            { kind: 'fillFileContent', value: fromHex('00000001000000020000aa02') },
            { kind: 'filePath', value: fromHex('7ff0') },
            created('6f46', '46210003', 9),
            { kind: 'fillFileContent', value: fromHex('000001000002000003') },
          ],
        ],
      },
    },
    {
      ...aka,
      value: {
        ...aka.value,
        algoConfiguration: { kind: 'algoParameter', value: { ...algoConfiguration.value, ...MILENAGE_KEY } },
      },
    },
    end,
  ]
}
