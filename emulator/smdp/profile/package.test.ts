import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import {
  brokenRule,
  type ElementOf,
  type File,
  templates as fileTemplates,
  type ProfileElement,
  readProfile,
} from '../../../protocol/saip/index.ts'
import { buildProfilePackage, packageLength, type TemplateName, templates } from './package.ts'
import {
  accessClassFile,
  alphaIdentifier,
  homePlmn,
  imsiFile,
  type ProfileParameters,
  plmn,
  serviceProviderNameFile,
  serviceTable,
} from './parameters.ts'

const parameters: ProfileParameters = {
  iccid: '8988201234567890123',
  imsi: '310410123456789',
  mncLength: 3,
  k: fromHex('465b5ce8b199b49faa5f0a2ee238a6bc'),
  opc: fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
  serviceProviderName: 'Operator',
  gid1: fromHex('a1'),
}

const names = Object.keys(templates) as TemplateName[]
const build = (template: TemplateName, changes: Partial<ProfileParameters> = {}): ProfileElement[] =>
  readProfile(buildProfilePackage(template, { ...parameters, ...changes }))

function find<Kind extends ProfileElement['kind']>(elements: readonly ProfileElement[], kind: Kind): ElementOf<Kind> {
  const element = elements.find((candidate) => candidate.kind === kind)
  if (!element) throw new Error(`no ${kind}`)
  return element.value as ElementOf<Kind>
}

const contentOf = (file: File | undefined): string =>
  (file ?? []).map((step) => (step.kind === 'fillFileContent' ? toHex(step.value) : '')).join('')

describe.each(names)('the template %s', (template) => {
  it('keeps the rules of order and number', () => {
    const elements = build(template)
    expect(elements.map((element, i) => brokenRule(elements.slice(0, i), element)?.id).filter(Boolean)).toEqual([])
    expect(elements.at(-1)?.kind).toBe('end')
  })

  it('names every file template that it uses, and no other', () => {
    const elements = build(template)
    const used = elements.flatMap(({ value }) => ('templateID' in value ? [value.templateID] : []))
    expect(new Set(find(elements, 'header')['eUICC-Mandatory-GFSTEList'])).toEqual(new Set(used))
  })

  it('gives every file the content that its template does not have', () => {
    const missing = build(template).flatMap(({ value }) => {
      if (!('templateID' in value)) return []
      const files = value as unknown as Readonly<Record<string, File | undefined>>
      return (fileTemplates[value.templateID]?.files ?? []).filter(({ component, kind, fill }) => {
        const isDirectory = kind === 'MF' || kind === 'DF' || kind === 'ADF'
        return !isDirectory && fill === undefined && files[component] && contentOf(files[component]) === ''
      })
    })
    expect(missing).toEqual([])
  })

  it('fills no file beyond the size that its template gives it', () => {
    for (const { value } of build(template)) {
      if (!('templateID' in value)) continue
      const files = value as unknown as Readonly<Record<string, File | undefined>>
      for (const { component, size, records = 1 } of fileTemplates[value.templateID]?.files ?? []) {
        const file = files[component]
        const descriptor = file?.find((step) => step.kind === 'fileDescriptor')
        if (!file || size === undefined || descriptor?.value.efFileSize) continue
        expect(contentOf(file).length / 2).toBeLessThanOrEqual(size * records)
      }
    }
  })

  it('is personal where it must be', () => {
    const elements = build(template)
    expect(toHex(find(elements, 'header').iccid)).toBe('8988201234567890123f')
    expect(contentOf(find(elements, 'mf')['ef-iccid'])).toBe('988802214365870921f3')
    const { algoConfiguration } = find(elements, 'akaParameter')
    expect(algoConfiguration).toMatchObject({
      kind: 'algoParameter',
      value: { key: parameters.k, opc: parameters.opc },
    })
    const usim = find(elements, 'usim')
    expect(contentOf(usim['ef-imsi'])).toBe('083901141032547698')
    expect(contentOf(usim['ef-acc'])).toBe('0200')
    expect(contentOf(usim['ef-ad'])).toBe('00000003')
    expect(contentOf(usim['ef-spn'])).toBe('004f70657261746f72ffffffffffffffff')
    expect(contentOf(find(elements, 'opt-usim')['ef-gid1'])).toBe('a1')
    expect(find(elements, 'opt-usim')['ef-gid2']).toBeUndefined()
  })

  it('tells in EF.UST whether the files of the owner are there', () => {
    const services = (changes: Partial<ProfileParameters>) =>
      contentOf(find(build(template, changes), 'usim')['ef-ust']).slice(4, 6)
    const [one, both] = [services({}), services({ gid2: fromHex('02') })].map((octet) => Number.parseInt(octet, 16) & 3)
    expect([one, both]).toEqual([1, 3])
  })
})

describe('the size of a package', () => {
  it('is small for the minimal, about 12 kB for the typical and about 64 kB for the large profile', () => {
    expect(packageLength('minimal')).toBeLessThan(2500)
    expect(packageLength('typical')).toBeGreaterThan(11_000)
    expect(packageLength('typical')).toBeLessThan(13_500)
    expect(packageLength('large')).toBeGreaterThan(63_000)
    expect(packageLength('large')).toBeLessThan(66_000)
  })
})

describe('the content of a file', () => {
  it.each([
    ['EF.IMSI of 15 digits', imsiFile('001010123456789'), '080910101032547698'],
    ['EF.ACC for the digit 0', accessClassFile('001010123456780'), '0001'],
    ['EF.ACC for the digit 9', accessClassFile('001010123456789'), '0200'],
    ['a PLMN with an MNC of two digits', plmn('262', '01'), '62f210'],
    ['a PLMN with an MNC of three digits', plmn('310', '410'), '130014'],
    ['the PLMN of an IMSI', homePlmn({ imsi: '262011234567890', mncLength: 2 }), '62f210'],
    ['a table of services', serviceTable(3, [1, 8, 17]), '810001'],
    ['a name beyond the 7-bit alphabet', alphaIdentifier('Ж', 16), '800416'],
    ['a name that is too long', alphaIdentifier('0123456789abcdefgh', 4), '30313233'],
    ['EF.SPN in UCS2', serviceProviderNameFile('Télécom, enfin'), '0080005400e9006c00e90063006f006dff'],
  ])('%s', (_, octets, hex) => expect(toHex(octets)).toBe(hex))
})
