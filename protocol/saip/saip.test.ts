import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatOctets, DecodeError, decode, encode, fromHex, toHex } from '../ber/index.ts'
import {
  brokenRule,
  EUICCResponse,
  elementHeader,
  ProfileElement,
  profileRules,
  readElement,
  readElementHeader,
  readProfile,
  templates,
} from './index.ts'

const header = { mandated: true, identification: 5 } as const

/** Laid out by hand after PEDefinitions; the first is the element that opens the package of pySim's BSP test. */
const vectors: { name: string; octets: string; value: ProfileElement }[] = [
  {
    name: 'ProfileHeader',
    octets:
      'a048800102810101821a53494d616c6c69616e63652053616d706c652050726f66696c65830a89000123456789012341a506810084008b00a610060667810f010201060667810f010204',
    value: {
      kind: 'header',
      value: {
        'major-version': 2,
        'minor-version': 1,
        profileType: 'SIMalliance Sample Profile',
        iccid: fromHex('89000123456789012341'),
        'eUICC-Mandatory-services': { usim: true, milenage: true, javacard: true },
        'eUICC-Mandatory-GFSTEList': ['2.23.143.1.2.1', '2.23.143.1.2.4'],
      },
    },
  },
  {
    name: 'ProfileHeader with everything',
    octets:
      'a037800103810103830a89000123456789012341840103a500a6008702aabba80d300b8005a00000015181020100a909800701020304050607',
    value: {
      kind: 'header',
      value: {
        'major-version': 3,
        'minor-version': 3,
        iccid: fromHex('89000123456789012341'),
        pol: fromHex('03'),
        'eUICC-Mandatory-services': {},
        'eUICC-Mandatory-GFSTEList': [],
        connectivityParameters: fromHex('aabb'),
        'eUICC-Mandatory-AIDs': [{ aid: fromHex('a000000151'), version: fromHex('0100') }],
        iotOptions: { pix: fromHex('01020304050607') },
      },
    },
  },
  { name: 'PE-End', octets: 'aa07a0058000810105', value: { kind: 'end', value: { header } } },
  {
    name: 'PE-PUKCodes',
    octets: 'a32ca0058000810105a123300d800101810831323334353637383012800200818108383736353433323182020099',
    value: {
      kind: 'pukCodes',
      value: {
        header,
        pukCodes: [
          { keyReference: 'pukAppl1', pukValue: fromHex('3132333435363738'), 'maxNumOfAttemps-retryNumLeft': 0xaa },
          {
            keyReference: 'secondPUKAppl1',
            pukValue: fromHex('3837363534333231'),
            'maxNumOfAttemps-retryNumLeft': 0x99,
          },
        ],
      },
    },
  },
  {
    name: 'PE-PINCodes with a PIN',
    octets: 'a220a0058000810105a117a0153013800101810831323334ffffffff820101830106',
    value: {
      kind: 'pinCodes',
      value: {
        header,
        pinCodes: {
          kind: 'pinconfig',
          value: [
            {
              keyReference: 'pinAppl1',
              pinValue: fromHex('31323334ffffffff'),
              unblockingPINReference: 'pukAppl1',
              pinAttributes: 6,
              'maxNumOfAttemps-retryNumLeft': 0x33,
            },
          ],
        },
      },
    },
  },
  {
    name: 'PE-PINCodes that shares those of another directory',
    octets: 'a20ba003810106a10481027fff',
    value: {
      kind: 'pinCodes',
      value: { header: { identification: 6 }, pinCodes: { kind: 'filePath', value: fromHex('7fff') } },
    },
  },
  {
    name: 'PE-GenericFileManagement',
    octets: 'a125a0058000810105a11c301a8000620e8202412183022f088b010a800105020201008102aabb',
    value: {
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
                fileID: fromHex('2f08'),
                securityAttributesReferenced: fromHex('0a'),
                efFileSize: fromHex('05'),
              },
            },
            { kind: 'fillFileOffset', value: 256 },
            { kind: 'fillFileContent', value: fromHex('aabb') },
          ],
        ],
      },
    },
  },
  {
    name: 'PE-MF',
    octets:
      'b040a0058000810105810667810f010201a207a105c603010a0ba40c830a98001032547698103214a50fa10982044221001c8001388302aabba607a1058b032f0601',
    value: {
      kind: 'mf',
      value: {
        header,
        templateID: '2.23.143.1.2.1',
        mf: [{ kind: 'fileDescriptor', value: { pinStatusTemplateDO: fromHex('010a0b') } }],
        'ef-iccid': [{ kind: 'fillFileContent', value: fromHex('98001032547698103214') }],
        'ef-dir': [
          { kind: 'fileDescriptor', value: { fileDescriptor: fromHex('4221001c'), efFileSize: fromHex('38') } },
          { kind: 'fillFileContent', value: fromHex('aabb') },
        ],
        'ef-arr': [{ kind: 'fileDescriptor', value: { securityAttributesReferenced: fromHex('2f0601') } }],
      },
    },
  },
  {
    name: 'PE-MF with its optional files',
    octets: 'b02fa0058000810105810667810f010201a200a3028000a40c830a98001032547698103214a500a600a7068201028301ff',
    value: {
      kind: 'mf',
      value: {
        header,
        templateID: '2.23.143.1.2.1',
        mf: [],
        'ef-pl': [{ kind: 'doNotCreate', value: true }],
        'ef-iccid': [{ kind: 'fillFileContent', value: fromHex('98001032547698103214') }],
        'ef-dir': [],
        'ef-arr': [],
        'ef-umpc': [
          { kind: 'fillFileOffset', value: 2 },
          { kind: 'fillFileContent', value: fromHex('ff') },
        ],
      },
    },
  },
  {
    name: 'PE-AKAParameter',
    octets:
      'a438a0058000810105a12ca12a8001018101008210000102030405060708090a0b0c0d0e0f8310f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff82010e',
    value: {
      kind: 'akaParameter',
      value: {
        header,
        algoConfiguration: {
          kind: 'algoParameter',
          value: {
            algorithmID: 'milenage',
            algorithmOptions: fromHex('00'),
            key: fromHex('000102030405060708090a0b0c0d0e0f'),
            opc: fromHex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
            numberOfKeccak: 1,
          },
        },
        sqnOptions: fromHex('0e'),
      },
    },
  },
  {
    name: 'PE-AKAParameter that shares those of another application',
    octets: 'a415a003810106a10ea00c8001068107a0000000871002',
    value: {
      kind: 'akaParameter',
      value: {
        header: { identification: 6 },
        algoConfiguration: {
          kind: 'mappingParameter',
          value: { mappingOptions: fromHex('06'), mappingSource: fromHex('a0000000871002') },
        },
      },
    },
  },
  {
    name: 'PE-SecurityDomain',
    octets:
      'a662a0058000810105a1334f07a00000015153504f08a0000001515350414f10a0000005591010ffffffff8900000100820382800083010fc90481028000a2243022950138820101830101301730158001888610000102030405060708090a0b0c0d0e0f',
    value: {
      kind: 'securityDomain',
      value: {
        header,
        instance: {
          applicationLoadPackageAID: fromHex('a0000001515350'),
          classAID: fromHex('a000000151535041'),
          instanceAID: fromHex('a0000005591010ffffffff8900000100'),
          applicationPrivileges: fromHex('828000'),
          lifeCycleState: fromHex('0f'),
          applicationSpecificParametersC9: fromHex('81028000'),
        },
        keyList: [
          {
            keyUsageQualifier: fromHex('38'),
            keyIdentifier: fromHex('01'),
            keyVersionNumber: fromHex('01'),
            keyComponents: [
              { keyType: fromHex('88'), keyData: fromHex('000102030405060708090a0b0c0d0e0f'), macLength: 8 },
            ],
          },
        ],
      },
    },
  },
  {
    name: 'PE-RFM',
    octets:
      'a739a00580008101054f10a00000055910100001000000000000aaa0050403b000018101160400040100300f8007a0000000871002810100820100',
    value: {
      kind: 'rfm',
      value: {
        header,
        instanceAID: fromHex('a00000055910100001000000000000aa'),
        tarList: [fromHex('b00001')],
        minimumSecurityLevel: fromHex('16'),
        uiccAccessDomain: new Uint8Array(),
        uiccAdminAccessDomain: fromHex('00'),
        adfRFMAccess: {
          adfAID: fromHex('a0000000871002'),
          adfAccessDomain: fromHex('00'),
          adfAdminAccessDomain: fromHex('00'),
        },
      },
    },
  },
  {
    name: 'PE-NonStandard',
    octets: 'a910a0058000810105810388370a8202cafe',
    value: { kind: 'nonStandard', value: { header, issuerID: '2.999.10', content: fromHex('cafe') } },
  },
  {
    name: 'PE-CDMAParameter, carried unread,',
    octets: 'a511a005800081010581080102030405060708',
    value: {
      kind: 'cdmaParameter',
      value: { octets: fromHex('a511a005800081010581080102030405060708'), value: { header } },
    },
  },
  {
    name: 'an element of a later version',
    octets: 'bf220aa00580008101058101aa',
    value: { kind: 'unknown', value: { octets: fromHex('bf220aa00580008101058101aa'), value: { header } } },
  },
  {
    name: 'PE-Dummy without a header',
    octets: 'ab00',
    value: { kind: 'rfu1', value: { octets: fromHex('ab00'), value: {} } },
  },
]

describe('a profile element', () => {
  it.each(vectors)('$name is read and written', ({ octets, value }) => {
    expect(decode(ProfileElement, fromHex(octets))).toEqual(value)
    expect(toHex(encode(ProfileElement, value))).toBe(octets)
  })

  it.each([
    ['a header without an ICCID', 'a00a800102810101a500a600', 'unexpected-tag', 'ProfileElement.header.iccid'],
    ['an end without a header', 'aa00', 'missing-field', 'ProfileElement.end.header'],
    [
      'a PUK of one octet',
      'a30fa003810106a1083006800101810131',
      'size-out-of-range',
      'ProfileElement.pukCodes.pukCodes.[0].pukValue',
    ],
    [
      'a step that a file does not have',
      'b00fa003810106810101a205840101a300',
      'unexpected-tag',
      'ProfileElement.mf.mf.[0]',
    ],
  ])('with %s is refused, and the path tells where', (_, octets, code, path) => {
    const refusal = refusalOf(() => decode(ProfileElement, fromHex(octets)))
    expect(refusal).toBeInstanceOf(DecodeError)
    expect(refusal).toMatchObject({ code, path })
  })

  it('has a header, unless it is the ProfileHeader', () => {
    const [profileHeader, , end] = vectors.map(({ value }) => value)
    expect(profileHeader && elementHeader(profileHeader)).toBeUndefined()
    expect(end && elementHeader(end)).toEqual(header)
  })
})

function refusalOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}

describe('a package that arrives in pieces', () => {
  const upp = concatOctets(...vectors.map(({ octets }) => fromHex(octets)))

  it('gives the same elements wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 30 }), (sizes) => {
        const elements: ProfileElement[] = []
        let waiting = new Uint8Array()
        let at = 0
        for (const size of [...sizes, upp.length]) {
          waiting = concatOctets(waiting, upp.subarray(at, at + size)) as typeof waiting
          at += size
          for (let read = readElement(waiting); read; read = readElement(waiting)) {
            elements.push(read.element)
            waiting = read.rest as typeof waiting
          }
        }
        expect(waiting).toHaveLength(0)
        expect(elements).toEqual(vectors.map(({ value }) => value))
      }),
      { numRuns: 30 },
    )
  })

  it('is the list of its elements when it is there as a whole', () => {
    expect(readProfile(upp)).toEqual(vectors.map(({ value }) => value))
    expect(() => readProfile(upp.subarray(0, -1))).toThrow(DecodeError)
  })

  it('comes one by one, and what stands behind it is kept', () => {
    expect(toHex(upp.subarray(0, -(readElement(upp)?.rest.length ?? 0)))).toBe(vectors[0]?.octets)
  })

  it.each([
    ['an indefinite length', 'aa80a003810101'],
    ['a length of five octets', 'aa850000000001'],
    ['a tag that is none', 'bf1eaa'],
    ['an element whose end lies inside its header', 'aa03a00581'],
  ])('%s is refused at once', (_, octets) => {
    expect(() => readElement(fromHex(octets))).toThrow(DecodeError)
  })

  it.each(['', 'aa', 'aa07', 'bf', 'bf22', 'bf220a', 'aa82', 'aa8201', 'aa820100', 'aa07a00580008101'])(
    'that has come as far as %s waits for more',
    (octets) => expect(readElement(fromHex(octets))).toBeUndefined(),
  )

  it('names the element that cannot be read behind its header', () => {
    expect(readElementHeader(fromHex('a70ca0058000810105a003ffffff'))).toEqual(header)
    expect(readElementHeader(fromHex('a703800101'))).toBeUndefined()
    expect(readElementHeader(fromHex('a7'))).toBeUndefined()
  })
})

describe('the rules of order and number', () => {
  const byName = (name: string) => vectors.find((row) => row.name === name)?.value as ProfileElement
  const numbered = (octets: string, identification: number) =>
    decode(
      ProfileElement,
      fromHex(octets.replace('8000810105', `80008101${identification.toString(16).padStart(2, '0')}`)),
    )
  const emptyHeader = byName('ProfileHeader with everything')
  const demanding = byName('ProfileHeader')
  const mf = byName('PE-MF')
  const end = numbered('aa07a0058000810105', 99)
  const cd = (identification: number) => numbered('b10fa0058000810105810467810f01a200', identification)
  const phonebook = numbered('b70fa0058000810105810467810f01a200', 7)
  const codes = byName('PE-PINCodes that shares those of another directory')

  it.each<[string, ProfileElement[], ProfileElement, string | undefined]>([
    ['the header opens the package', [], emptyHeader, undefined],
    ['the MF follows it', [emptyHeader], mf, undefined],
    ['the end closes it', [emptyHeader, mf], end, undefined],
    ['an MF cannot open it', [], mf, 'header-first-and-once'],
    ['a second header is wrong', [emptyHeader, mf], emptyHeader, 'header-first-and-once'],
    ['the MF cannot wait', [emptyHeader], codes, 'mf-second'],
    ['a second MF is wrong', [emptyHeader, mf], mf, 'mf-second'],
    ['nothing follows the end', [emptyHeader, mf, end], codes, 'nothing-after-end'],
    ['DF.CD comes once', [emptyHeader, mf, cd(6)], cd(7), 'at-most-once'],
    ['a phonebook needs its USIM', [emptyHeader, mf], phonebook, 'after-its-application'],
    ['an identification is used once', [emptyHeader, mf, codes], cd(6), 'identification-unique'],
    ['a mandatory service must be there', [demanding, mf], end, 'mandatory-services-present'],
  ])('%s', (_, before, next, rule) => expect(brokenRule(before, next)?.id).toBe(rule))

  it('are each broken once above', () => {
    expect(profileRules.map(({ id }) => id)).toEqual([
      'header-first-and-once',
      'mf-second',
      'nothing-after-end',
      'at-most-once',
      'after-its-application',
      'identification-unique',
      'mandatory-services-present',
    ])
  })
})

describe('EUICCResponse', () => {
  it.each([
    // SGP.32 v1.2, comment in SGP32Definitions; read from real cards, too.
    ['success', '3007a0053003800100', { peStatus: [{ status: 'ok' as const }] }],
    [
      'a refused element',
      '3019a00f300d80010a8102010282010183010481008204426f6f6d',
      {
        peStatus: [
          { status: 'feature-not-supported' as const, identification: 258, 'additional-information': 1, offset: 4 },
        ],
        profileInstallationAborted: true as const,
        statusMessage: 'Boom',
      },
    ],
    ['a status word', '3009a0073005800300' + '9000', { peStatus: [{ status: 'unknown(36864)' as const }] }],
  ])('of %s is read and written', (_, octets, value) => {
    expect(decode(EUICCResponse, fromHex(octets))).toEqual(value)
    expect(toHex(encode(EUICCResponse, value))).toBe(octets)
  })
})

describe('the file templates', () => {
  it.each(Object.entries(templates))('%s has default contents that fit', (_, { files }) => {
    for (const { size, fill } of files) if (fill && size !== undefined) expect(fill.length).toBeLessThanOrEqual(size)
  })

  it.each(Object.entries(templates))('%s names components that its element has', (_, { element, files }) => {
    const schema = ProfileElement.layout
    const alternative = schema.kind === 'choice' && schema.alternatives.find(({ name }) => name === element)
    const layout = alternative ? alternative.schema.layout : undefined
    const names = layout?.kind === 'fields' ? layout.fields.map(({ name }) => name) : []
    expect(names).toEqual(expect.arrayContaining(files.map(({ component }) => component)))
  })
})
