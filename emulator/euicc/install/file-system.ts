/**
 * The file system of a profile package: TCA eUICC Profile Package 3.3.1, 8.3 and 8.4. Deviation: files of a template without rows are not
 * created.
 */
import { aids } from '../../../protocol/codes/index.ts'
import {
  type ElementOf,
  type Fcp,
  type File,
  type FileTemplate,
  type Template,
  templateOf,
} from '../../../protocol/saip/index.ts'
import { MF } from '../card/channels.ts'
import { fileAt, type PlacedFiles, pathOf, type Write } from '../card/files.ts'
import { createFile, type FileOrder, uint, written } from './file.ts'

/** Adds the files of one profile element. `undefined`: values that make no file. */
export function withTemplateFiles(
  files: PlacedFiles,
  element: { readonly templateID: string },
): PlacedFiles | undefined {
  const template = templateOf(element.templateID)
  return template ? walk(files, template, element as unknown as Readonly<Record<string, File>>) : files
}

/** Rows below a directory are in it; a further directory is in the first one. */
function walk(before: PlacedFiles, template: Template, element: Readonly<Record<string, File>>) {
  const files: PlacedFiles[number][] = []
  const top = topOf(before, template)
  let first: string | undefined
  let directory = top
  for (const row of template.files) {
    const steps = element[row.component]
    if (!steps || isLeftOut(steps)) continue
    const isDirectory = row.kind === 'MF' || row.kind === 'DF' || row.kind === 'ADF'
    const parent = isDirectory ? (first ?? top) : directory
    const file = createFile(orderOf(row, steps, parent))
    if (!file) return undefined
    const path = row.kind === 'MF' ? MF : pathOf(parent, file.fileID)
    files.push({ path, file })
    if (isDirectory) directory = path
    if (isDirectory) first ??= path
  }
  return [...before, ...files]
}

function isLeftOut(steps: File): boolean {
  for (const { kind } of steps) if (kind === 'doNotCreate') return true
  return false
}

/** Where the application is that the template is for. */
const topOf = (files: PlacedFiles, { under }: Template): string =>
  under === 'MF' ? MF : (applicationIn(files, aids[under]) ?? MF)

/** The path of the last application whose name begins so. */
export function applicationIn(files: PlacedFiles, name: Uint8Array): string | undefined {
  for (let i = files.length - 1; i >= 0; i--) {
    const { path, file } = files[i] as PlacedFiles[number]
    if (file.kind === 'directory' && file.aid && beginsWith(file.aid, name)) return path
  }
  return undefined
}

export function beginsWith(octets: Uint8Array, beginning: Uint8Array): boolean {
  for (let i = 0; i < beginning.length; i++) if (octets[i] !== beginning[i]) return false
  return true
}

const NOTHING: Fcp = {}
const NO_WRITES: readonly Write[] = []

/** Where the content goes, and where the last of it ends. */
function orderOf(row: FileTemplate, steps: File, parent: string): FileOrder {
  let writes: Write[] | undefined
  let fcp = NOTHING
  let end = 0
  for (const step of steps) {
    if (step.kind === 'fileDescriptor') fcp = step.value
    if (step.kind === 'fillFileOffset') end += step.value
    if (step.kind !== 'fillFileContent') continue
    const write = { at: end, octets: step.value }
    if (writes) writes.push(write)
    else writes = [write] // an array that grows begins with room for 17
    end += step.value.length
  }
  return { row, fcp, parent, given: end, writes: writes ?? NO_WRITES }
}

type ManagementList = ElementOf<'genericFileManagement'>['fileManagementCMD']
type Management = ManagementList[number][number]

/** Where generic file management stands: a directory, a file in it, and an offset in the file. */
interface Cursor {
  readonly files: PlacedFiles
  readonly directory: string
  readonly file?: string
  readonly at: number
}

/** PE-GenericFileManagement: begins at the MF. `undefined`: values that make no file, or a path that leads nowhere. */
export function withManagedFiles(files: PlacedFiles, list: ManagementList): PlacedFiles | undefined {
  let cursor: Cursor | undefined = { files, directory: MF, at: 0 }
  for (const command of list.flat()) cursor = cursor && managed(cursor, command)
  return cursor?.files
}

function managed(cursor: Cursor, command: Management): Cursor | undefined {
  switch (command.kind) {
    case 'filePath':
      return moved(cursor, command.value)
    case 'fillFileOffset':
      return { ...cursor, at: cursor.at + command.value }
    case 'fillFileContent':
      return filledAt(cursor, command.value)
    case 'createFCP': {
      const file = createFile({ fcp: command.value, parent: cursor.directory, given: 0, writes: [] })
      if (!file) return undefined
      const path = pathOf(cursor.directory, file.fileID)
      const next = { files: [...cursor.files, { path, file }], at: 0 }
      return file.kind === 'directory'
        ? { ...next, directory: path }
        : { ...next, directory: cursor.directory, file: path }
    }
  }
}

/** A path is made of file identifiers from below the MF on. */
function moved({ files }: Cursor, path: Uint8Array): Cursor | undefined {
  let target = MF
  for (let i = 0; i < path.length; i += 2) target = pathOf(target, uint(path.subarray(i, i + 2)))
  const file = fileAt(files, target)
  if (!file) return undefined
  return file.kind === 'directory'
    ? { files, directory: target, at: 0 }
    : { files, directory: target.slice(0, -5), file: target, at: 0 }
}

function filledAt(cursor: Cursor, octets: Uint8Array): Cursor | undefined {
  const { files, file: path, at } = cursor
  const file = path === undefined ? undefined : fileAt(files, path)
  const after = file && written(file, { at, octets })
  if (!after || path === undefined) return undefined
  return { ...cursor, files: [...files, { path, file: after }], at: at + octets.length }
}
