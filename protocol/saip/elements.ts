/**
 * Profile elements: TCA eUICC Profile Package 3.3.1, annex C (PEDefinitions). The first component of each, which the module names after its
 * element (mf-header, pin-Header, ...), is `header` here.
 */
import {
  type Captured,
  captured,
  choice,
  enumeration,
  exactly,
  explicit,
  integer,
  named,
  octetString,
  oid,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  type ValueOf,
  withDefault,
} from '../ber/index.ts'
import * as rows from './file-elements.ts'
import { contextTag, fileElement, PEGenericFileManagement } from './files.ts'
import { applicationIdentifier, PEHeader, ProfileHeader, uint8, uint16 } from './header.ts'

/** Key references of ETSI TS 102 221, 9.5.1. */
export const pukReferences = {
  ...{ pukAppl1: 1, pukAppl2: 2, pukAppl3: 3, pukAppl4: 4, pukAppl5: 5, pukAppl6: 6, pukAppl7: 7, pukAppl8: 8 },
  ...{ secondPUKAppl1: 129, secondPUKAppl2: 130, secondPUKAppl3: 131, secondPUKAppl4: 132 },
  ...{ secondPUKAppl5: 133, secondPUKAppl6: 134, secondPUKAppl7: 135, secondPUKAppl8: 136 },
} as const

export const pinReferences = {
  ...{ pinAppl1: 1, pinAppl2: 2, pinAppl3: 3, pinAppl4: 4, pinAppl5: 5, pinAppl6: 6, pinAppl7: 7, pinAppl8: 8 },
  ...{ adm1: 10, adm2: 11, adm3: 12, adm4: 13, adm5: 14 },
  ...{ secondPINAppl1: 129, secondPINAppl2: 130, secondPINAppl3: 131, secondPINAppl4: 132 },
  ...{ secondPINAppl5: 133, secondPINAppl6: 134, secondPINAppl7: 135, secondPINAppl8: 136 },
  ...{ adm6: 138, adm7: 139, adm8: 140, adm9: 141, adm10: 142 },
} as const

/** `maxNumOfAttemps-retryNumLeft`: attempts in the high nibble, those that are left in the low one. */
const PEPUKCodes = named(
  'PE-PUKCodes',
  sequence(0xa3, {
    header: PEHeader,
    pukCodes: sequenceOf(
      0xa1,
      sequence(0x30, {
        keyReference: enumeration(0x80, pukReferences),
        pukValue: octetString(0x81, exactly(8)),
        'maxNumOfAttemps-retryNumLeft': withDefault(integer(0x82, uint8), 0xaa),
      }),
      { min: 1, max: 16 },
    ),
  }),
)

/** `filePath`: the directory whose codes are shared. `pinAttributes`: bit 0 enabled, bit 1 may be disabled, bit 2 may be changed. */
const PEPINCodes = named(
  'PE-PINCodes',
  sequence(0xa2, {
    header: PEHeader,
    pinCodes: explicit(
      0xa1,
      choice('pinCodes', {
        pinconfig: sequenceOf(
          0xa0,
          sequence(0x30, {
            keyReference: enumeration(0x80, pinReferences),
            pinValue: octetString(0x81, exactly(8)),
            unblockingPINReference: optional(enumeration(0x82, pukReferences)),
            pinAttributes: withDefault(integer(0x83, uint8), 7),
            'maxNumOfAttemps-retryNumLeft': withDefault(integer(0x84, uint8), 0x33),
          }),
          { min: 1, max: 26 },
        ),
        filePath: octetString(0x81, { max: 8 }),
      }),
    ),
  }),
)

/**
 * `opc`: OPc of Milenage, TOPc of TUAK. Absent: rotationConstants '4000204060'; xoringConstants 16 octets each of 0, 1, 2, 4, 8; sqnOptions
 * '02'; sqnDelta and sqnAgeLimit '000010000000'; sqnInit all zero.
 */
const PEAKAParameter = named(
  'PE-AKAParameter',
  sequence(0xa4, {
    header: PEHeader,
    algoConfiguration: explicit(
      0xa1,
      choice('algoConfiguration', {
        mappingParameter: sequence(0xa0, {
          mappingOptions: octetString(0x80, exactly(1)),
          mappingSource: applicationIdentifier(0x81),
        }),
        algoParameter: sequence(0xa1, {
          algorithmID: enumeration(0x80, { milenage: 1, tuak: 2, 'usim-test-algorithm': 3 }),
          algorithmOptions: octetString(0x81, exactly(1)),
          key: octetString(0x82),
          opc: octetString(0x83),
          rotationConstants: optional(octetString(0x84, exactly(5))),
          xoringConstants: optional(octetString(0x85, exactly(80))),
          authCounterMax: optional(octetString(0x86, exactly(3))),
          numberOfKeccak: withDefault(integer(0x87, uint8), 1),
        }),
      }),
    ),
    sqnOptions: optional(octetString(0x82, exactly(1))),
    sqnDelta: optional(octetString(0x83, exactly(6))),
    sqnAgeLimit: optional(octetString(0x84, exactly(6))),
    sqnInit: optional(sequenceOf(0xa5, octetString(0x04, exactly(6)), exactly(32))),
  }),
)

/** Three AIDs with the same tag: load package, class, instance. lifeCycleState absent: '07'. */
const applicationInstance = (tag: number) =>
  sequence(tag, {
    applicationLoadPackageAID: applicationIdentifier(0x4f),
    classAID: applicationIdentifier(0x4f),
    instanceAID: applicationIdentifier(0x4f),
    extraditeSecurityDomainAID: optional(applicationIdentifier(0x4f)),
    applicationPrivileges: octetString(0x82),
    lifeCycleState: optional(octetString(0x83, exactly(1))),
    applicationSpecificParametersC9: octetString(0xc9),
    systemSpecificParameters: optional(octetString(0xef)),
    applicationParameters: optional(octetString(0xea)),
    processData: optional(sequenceOf(0x30, octetString(), { min: 1 })),
    controlReferenceTemplate: optional(octetString(0xb0)),
  })

/** keyAccess absent: '00'. */
const KeyObject = sequence(0x30, {
  keyUsageQualifier: octetString(0x95, { min: 1, max: 2 }),
  keyAccess: optional(octetString(0x96, exactly(1))),
  keyIdentifier: octetString(0x82, exactly(1)),
  keyVersionNumber: octetString(0x83, exactly(1)),
  keyCounterValue: optional(octetString(0x85)),
  keyComponents: sequenceOf(
    0x30,
    sequence(0x30, {
      keyType: octetString(0x80),
      keyData: octetString(0x86),
      macLength: withDefault(integer(0x87, uint8), 8),
    }),
    { min: 1 },
  ),
})

const PESecurityDomain = named(
  'PE-SecurityDomain',
  sequence(0xa6, {
    header: PEHeader,
    instance: applicationInstance(0xa1),
    keyList: optional(sequenceOf(0xa2, KeyObject, { min: 1 })),
    sdPersoData: optional(sequenceOf(0xa3, octetString(), { min: 1 })),
    openPersoData: optional(octetString(0xa4)),
    catTpParameters: optional(
      sequence(0xa5, { catTpMaxSduSize: integer(0x80, uint16), catTpMaxPduSize: integer(0x81, uint16) }),
    ),
  }),
)

const PERFM = named(
  'PE-RFM',
  sequence(0xa7, {
    header: PEHeader,
    instanceAID: applicationIdentifier(0x4f),
    securityDomainAID: optional(applicationIdentifier(0x4f)),
    tarList: optional(sequenceOf(0xa0, octetString(0x04, exactly(3)), { min: 1 })),
    minimumSecurityLevel: octetString(0x81, exactly(1)),
    uiccAccessDomain: octetString(),
    uiccAdminAccessDomain: octetString(),
    adfRFMAccess: optional(
      sequence(0x30, {
        adfAID: applicationIdentifier(0x80),
        adfAccessDomain: octetString(0x81),
        adfAdminAccessDomain: octetString(0x82),
      }),
    ),
  }),
)

const PENonStandard = named(
  'PE-NonStandard',
  sequence(0xa9, { header: PEHeader, issuerID: oid(0x81), content: octetString(0x82) }),
)

const PEEnd = named('PE-End', sequence(0xaa, { header: PEHeader }))

/** An element that is carried and not looked into. PE-Dummy has not even a header. */
const opaque = (name: string, tag: number) =>
  captured(named(name, sequence(tag, { header: optional(PEHeader) }))) as Schema<OpaqueElement>
export type OpaqueElement = Captured<{ readonly header?: PEHeader }>

const known = choice('ProfileElement', {
  header: ProfileHeader,
  genericFileManagement: PEGenericFileManagement,
  pinCodes: PEPINCodes,
  pukCodes: PEPUKCodes,
  akaParameter: PEAKAParameter,
  cdmaParameter: opaque('PE-CDMAParameter', 0xa5),
  securityDomain: PESecurityDomain,
  rfm: PERFM,
  application: opaque('PE-Application', 0xa8),
  nonStandard: PENonStandard,
  end: PEEnd,
  rfu1: opaque('PE-Dummy', 0xab),
  rfu2: opaque('PE-Dummy', 0xac),
  rfu3: opaque('PE-Dummy', 0xad),
  rfu4: opaque('PE-Dummy', 0xae),
  rfu5: opaque('PE-Dummy', 0xaf),
  mf: fileElement('PE-MF', 0xb0, rows.mf),
  cd: fileElement('PE-CD', 0xb1, rows.cd),
  telecom: fileElement('PE-TELECOM', 0xb2, rows.telecom),
  usim: fileElement('PE-USIM', 0xb3, rows.usim),
  'opt-usim': fileElement('PE-OPT-USIM', 0xb4, rows.optUsim),
  isim: fileElement('PE-ISIM', 0xb5, rows.isim),
  'opt-isim': fileElement('PE-OPT-ISIM', 0xb6, rows.optIsim),
  phonebook: fileElement('PE-PHONEBOOK', 0xb7, rows.phonebook),
  'gsm-access': fileElement('PE-GSM-ACCESS', 0xb8, rows.gsmAccess),
  csim: opaque('PE-CSIM', 0xb9),
  'opt-csim': opaque('PE-OPT-CSIM', 0xba),
  eap: opaque('PE-EAP', 0xbb),
  'df-5gs': fileElement('PE-DF-5GS', 0xbc, rows.df5gs),
  'df-saip': fileElement('PE-DF-SAIP', 0xbd, rows.dfSaip),
  'df-snpn': opaque('PE-DF-SNPN', 0xbe),
  'df-5gprose': opaque('PE-DF-5GPROSE', contextTag(31)),
  iot: opaque('PE-IoT', contextTag(32)),
  'opt-iot': opaque('PE-OPT-IoT', contextTag(33)),
})

const knownTags = new Set(known.tags)

/** A CHOICE with an extension marker: an element of a later version, or none at all, is `unknown`. */
const unknown = opaque('ProfileElement', 0)
export type ProfileElement = ValueOf<typeof known> | { readonly kind: 'unknown'; readonly value: OpaqueElement }

export const ProfileElement: Schema<ProfileElement> = {
  name: known.name,
  tags: [],
  layout: known.layout,
  read(reader) {
    if (knownTags.has(reader.tag)) return known.read(reader)
    return { kind: 'unknown', value: unknown.read(reader) }
  },
  write(writer, element) {
    if (element.kind === 'unknown') unknown.write(writer, element.value)
    else known.write(writer, element)
  },
}

/** An element by its name in the CHOICE. */
export type ElementOf<Kind extends ProfileElement['kind']> = Extract<ProfileElement, { kind: Kind }>['value']

/** PEHeader of any element but the ProfileHeader. */
export function elementHeader(element: ProfileElement): PEHeader | undefined {
  if (element.kind === 'header') return undefined
  const value: { readonly header?: PEHeader; readonly value?: { readonly header?: PEHeader } } = element.value
  return value.header ?? value.value?.header
}

/** The header of an element whose rest may be unreadable. */
export const HeaderOnly: Schema<PEHeader | undefined> = {
  name: 'PEHeader',
  tags: [],
  layout: unknown.layout,
  read(reader) {
    const end = reader.position + reader.length
    reader.header(end)
    const header = reader.tag === PEHeader.tag ? PEHeader.read(reader) : undefined
    reader.position = end
    return header
  },
  write: () => {},
}
