import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import type { ElementOf } from '../../../protocol/saip/index.ts'
import { contentOf, type PlacedFiles, toFileSystem } from '../card/files.ts'
import { elementsOf, ICCID } from '../testing/profiles.ts'
import { withManagedFiles, withTemplateFiles } from './file-system.ts'

type List = ElementOf<'genericFileManagement'>['fileManagementCMD'][number]
type Usim = ElementOf<'usim'>

const bare: PlacedFiles = [{ path: '3f00', file: { kind: 'directory', fileID: 0x3f00 } }]

const fileAt = (files: PlacedFiles | undefined, path: string) => toFileSystem(files ?? [])[path]

const hexAt = (files: PlacedFiles | undefined, path: string): string | undefined => {
  const file = fileAt(files, path)
  return file && file.kind !== 'directory' ? toHex(contentOf(file)) : undefined
}

describe('generic file management', () => {
  const directory: List = [
    { kind: 'createFCP', value: { fileDescriptor: fromHex('7821'), fileID: fromHex('7f50') } },
    {
      kind: 'createFCP',
      value: { fileDescriptor: fromHex('4121'), fileID: fromHex('6f01'), efFileSize: fromHex('04') },
    },
    { kind: 'fillFileOffset', value: 1 },
    { kind: 'fillFileContent', value: fromHex('aabb') },
    {
      kind: 'createFCP',
      value: { fileDescriptor: fromHex('42210002'), fileID: fromHex('6f02'), efFileSize: fromHex('06') },
    },
    { kind: 'fillFileContent', value: fromHex('010203') },
  ]

  test('creates directories and files below the current directory, and content runs on through records', () => {
    const files = withManagedFiles(bare, [directory])
    expect(fileAt(files, '3f00/7f50')).toMatchObject({ kind: 'directory' })
    expect(hexAt(files, '3f00/7f50/6f01')).toBe('ffaabbff')
    expect(fileAt(files, '3f00/7f50/6f02')).toMatchObject({ kind: 'linear-fixed', recordSize: 2 })
    expect(hexAt(files, '3f00/7f50/6f02')).toBe('010203ffffff')
  })

  test('goes to a directory or a file by its path', () => {
    const files = withManagedFiles(bare, [
      directory,
      [
        { kind: 'filePath', value: fromHex('7f506f01') },
        { kind: 'fillFileContent', value: fromHex('11') },
        { kind: 'filePath', value: fromHex('') },
        {
          kind: 'createFCP',
          value: { fileDescriptor: fromHex('4121'), fileID: fromHex('2f11'), efFileSize: fromHex('01') },
        },
        { kind: 'filePath', value: fromHex('7f50') },
        {
          kind: 'createFCP',
          value: { fileDescriptor: fromHex('46210001'), fileID: fromHex('6f03'), efFileSize: fromHex('02') },
        },
      ],
    ])
    expect(hexAt(files, '3f00/7f50/6f01')).toBe('11aabbff')
    expect(hexAt(files, '3f00/2f11')).toBe('ff')
    expect(fileAt(files, '3f00/7f50/6f03')).toMatchObject({ kind: 'cyclic' })
  })

  const badLists: readonly [string, List][] = [
    ['a path that leads nowhere', [{ kind: 'filePath', value: fromHex('7f99') }]],
    ['content without a file', [{ kind: 'fillFileContent', value: fromHex('00') }]],
    ['a file without an identifier', [{ kind: 'createFCP', value: { fileDescriptor: fromHex('4121') } }]],
    ['a file without a structure', [{ kind: 'createFCP', value: { fileID: fromHex('6f01') } }]],
    [
      'a structure that there is not',
      [{ kind: 'createFCP', value: { fileDescriptor: fromHex('4521'), fileID: fromHex('6f01') } }],
    ],
    ['content beyond the end', [...directory, { kind: 'fillFileContent', value: new Uint8Array(4) }]],
    [
      'records that do not fill the file',
      [
        {
          kind: 'createFCP',
          value: { fileDescriptor: fromHex('42210004'), fileID: fromHex('6f01'), efFileSize: fromHex('06') },
        },
      ],
    ],
    [
      'a file larger than any',
      [
        {
          kind: 'createFCP',
          value: { fileDescriptor: fromHex('4121'), fileID: fromHex('6f01'), efFileSize: fromHex('010000') },
        },
      ],
    ],
  ]
  test.each(badLists)('makes nothing of %s', (_, list) => {
    expect(withManagedFiles(bare, [list])).toBeUndefined()
  })
})

describe('files of a template', () => {
  const usim = elementsOf(ICCID)[2].value as Usim
  const withFiles = (changes: Partial<Usim>) => withTemplateFiles(bare, { ...usim, ...changes })

  test('take size, content, short identifier and access rule from the template', () => {
    expect(fileAt(withFiles({}), '3f00/7ff0/6fad')).toMatchObject({
      kind: 'transparent',
      fileID: 0x6fad,
      shortFileID: 3,
      accessRule: fromHex('6f060a'),
    })
    expect(hexAt(withFiles({}), '3f00/7ff0/6fad')).toBe('00000002')
  })

  test('take what the profile says instead', () => {
    const descriptor = {
      efFileSize: fromHex('06'),
      shortEFID: fromHex('28'),
      securityAttributesReferenced: fromHex('2f0603'),
      proprietaryEFInfo: { repeatPattern: fromHex('0102') },
    }
    const files = withFiles({ 'ef-ad': [{ kind: 'fileDescriptor', value: descriptor }] })
    expect(fileAt(files, '3f00/7ff0/6fad')).toMatchObject({ shortFileID: 5, accessRule: fromHex('2f0603') })
    expect(hexAt(files, '3f00/7ff0/6fad')).toBe('010201020102')
  })

  test('have no short identifier when the profile leaves it empty, and are not made when it says so', () => {
    const empty = { kind: 'fileDescriptor', value: { shortEFID: new Uint8Array() } } as const
    const file = fileAt(withFiles({ 'ef-ad': [empty] }), '3f00/7ff0/6fad')
    expect(file).toMatchObject({ shortFileID: undefined })
    expect(fileAt(withFiles({ 'ef-ad': [{ kind: 'doNotCreate', value: true }] }), '3f00/7ff0/6fad')).toBeUndefined()
  })

  test('of an application go where the application is', () => {
    const gid1: ElementOf<'opt-usim'> = {
      header: { identification: 9 },
      templateID: '2.23.143.1.2.5',
      'ef-gid1': [{ kind: 'fileDescriptor', value: { efFileSize: fromHex('01') } }],
    }
    expect(fileAt(withTemplateFiles(withFiles({}) ?? [], gid1), '3f00/7ff0/6f3e')).toBeDefined()
  })

  test('of a template without rows are not made', () => {
    expect(withTemplateFiles(bare, { templateID: '2.23.143.1.2.99' })).toBe(bare)
  })
})
