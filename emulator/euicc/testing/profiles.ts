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
