/** Profile elements of DF.TELECOM, the USIM and the ISIM. */
import { concatOctets, fromHex } from '../../../protocol/ber/index.ts'
import type { File } from '../../../protocol/saip/index.ts'
import { accessRuleFile, type ElementRow, fixed, ISIM_AID, personal, USIM_AID } from './elements.ts'
import { content, pinStatus, recordContents, records, sized } from './files.ts'
import { contacts, roamingList, SERVICE_NUMBERS, serviceNumbers, shortMessageCentre } from './operator.ts'
import {
  accessClassFile,
  administrativeDataFile,
  homePlmn,
  imsiFile,
  type ProfileParameters,
  serviceProviderNameFile,
  serviceTable,
} from './parameters.ts'

/** `fileID`: the temporary one by which paths of the profile name the ADF. */
const adf = (fileID: string, dfName: Uint8Array): File => [
  {
    kind: 'fileDescriptor',
    value: { fileID: fromHex(fileID), dfName, pinStatusTemplateDO: fromHex('01810a') },
  },
]

export const telecom = fixed((header) => ({
  kind: 'telecom',
  value: {
    header,
    templateID: '2.23.143.1.2.3',
    'df-telecom': pinStatus('01810a'),
    'ef-arr': accessRuleFile,
    'ef-sume': content(concatOctets(fromHex('8514'), new TextEncoder().encode('Services of operator'))),
  },
}))

/** Services of EF.UST that the files offer; 33 is always on. The other two show that the files of the profile's owner are there. */
const plainServices = [2, 10, 12, 19, 33, 85]
const richServices = [...plainServices, 1, 4, 20, 27, 42, 43, 71]
const ownerServices = ({ gid1, gid2 }: ProfileParameters) => [...(gid1 ? [17] : []), ...(gid2 ? [18] : [])]

export const usim = (range: 'plain' | 'rich'): ElementRow =>
  personal((header, parameters) => {
    const { imsi, mncLength, serviceProviderName } = parameters
    const services = range === 'plain' ? plainServices : richServices
    return {
      kind: 'usim',
      value: {
        header,
        templateID: '2.23.143.1.2.4',
        'adf-usim': adf('7ff0', USIM_AID),
        'ef-imsi': content(imsiFile(imsi)),
        'ef-arr': accessRuleFile,
        'ef-ust': content(serviceTable(14, [...services, ...ownerServices(parameters)])),
        ...(range === 'rich' && { 'ef-smsp': recordContents(38, [shortMessageCentre]) }),
        'ef-spn': content(serviceProviderNameFile(serviceProviderName)),
        'ef-est': content(fromHex('00')),
        'ef-acc': content(accessClassFile(imsi)),
        'ef-ad': content(administrativeDataFile(mncLength)),
        'ef-ecc': recordContents(4, [fromHex('11f2ff00')]),
      },
    }
  })

/** Milenage with the standard constants. */
export const akaParameter = personal((header, { k, opc }) => ({
  kind: 'akaParameter',
  value: {
    header,
    algoConfiguration: {
      kind: 'algoParameter',
      value: { algorithmID: 'milenage', algorithmOptions: fromHex('01'), key: k, opc, numberOfKeccak: 1 },
    },
  },
}))

/** The files of the profile's owner alone: what a plain profile needs of PE-OPT-USIM. */
const ownerFiles = ({ gid1, gid2 }: ProfileParameters) => ({
  ...(gid1 && { 'ef-gid1': sized(gid1) }),
  ...(gid2 && { 'ef-gid2': sized(gid2) }),
})

const OPT_USIM = '2.23.143.1.2.5'

export const ownerOptUsim = personal((header, parameters) => ({
  kind: 'opt-usim',
  value: { header, templateID: OPT_USIM, ...ownerFiles(parameters) },
}))

export const richOptUsim = personal((header, parameters) => ({
  kind: 'opt-usim',
  value: {
    header,
    templateID: OPT_USIM,
    'ef-li': content(fromHex('656e6465ffff')),
    ...ownerFiles(parameters),
    'ef-sdn': recordContents(SERVICE_NUMBERS.recordSize, serviceNumbers),
    'ef-oplmnwact': sized(roamingList),
    'ef-hplmnwact': content(concatOctets(homePlmn(parameters), fromHex('c080'))),
    'ef-ehplmn': content(homePlmn(parameters)),
  },
}))

/** EF.PBR: 3GPP TS 31.102, 4.4.2.1. One set with names and numbers only. */
export const phonebook = fixed((header) => ({
  kind: 'phonebook',
  value: {
    header,
    templateID: '2.23.143.1.2.6',
    'df-phonebook': pinStatus('01810a'),
    'ef-pbr': records(64, 1, [fromHex('a804c0024f58')]),
    'ef-adn': records(contacts.recordSize, contacts.records.length, contacts.records),
  },
}))

export const gsmAccess = fixed((header) => ({
  kind: 'gsm-access',
  value: {
    header,
    templateID: '2.23.143.1.2.7',
    'df-gsm-access': pinStatus('01810a'),
    'ef-kc': [],
    'ef-kcgprs': [],
  },
}))

/** 3GPP TS 23.003, 13.2 and 13.3: identities derived from an IMSI. */
const homeDomain = ({ imsi, mncLength }: ProfileParameters): string => {
  const mnc = imsi.slice(3, 3 + mncLength).padStart(3, '0')
  return `ims.mnc${mnc}.mcc${imsi.slice(0, 3)}.3gppnetwork.org`
}

/** EF.IMPI, EF.IMPU, EF.DOMAIN: 3GPP TS 31.103, 4.2. Text in a TLV with tag 80. */
const uri = (text: string): Uint8Array => {
  const octets = new TextEncoder().encode(text)
  return concatOctets(Uint8Array.of(0x80, octets.length), octets)
}

export const isim = personal((header, parameters) => {
  const { imsi } = parameters
  const domain = homeDomain(parameters)
  const publicIdentity = uri(`sip:${imsi}@${domain}`)
  return {
    kind: 'isim',
    value: {
      header,
      templateID: '2.23.143.1.2.8',
      'adf-isim': adf('7ff2', ISIM_AID),
      'ef-impi': sized(uri(`${imsi}@${domain}`)),
      'ef-impu': records(publicIdentity.length, 1, [publicIdentity]),
      'ef-domain': sized(uri(domain)),
      'ef-ist': content(serviceTable(14, [])),
      'ef-arr': accessRuleFile,
    },
  }
})

/** The ISIM authenticates with the key of the USIM. */
export const isimAka = fixed((header) => ({
  kind: 'akaParameter',
  value: {
    header,
    algoConfiguration: {
      kind: 'mappingParameter',
      value: { mappingOptions: fromHex('06'), mappingSource: USIM_AID },
    },
  },
}))
