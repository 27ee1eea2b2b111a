/**
 * The file system of a profile package: TCA eUICC Profile Package 3.3.1, 8.3 and 8.4. Deviation: files of a template without rows are not
 * created.
 */
import { aids } from '../../../protocol/codes/index.ts'
import { type ElementOf, type File, type Template, templates } from '../../../protocol/saip/index.ts'
import { MF } from '../card/channels.ts'
import { type CardFile, type FileSystem, pathOf } from '../card/files.ts'
import { createFile, uint, type Write, written } from './file.ts'

/** Adds the files of one profile element. `undefined`: values that make no file. */
export function withTemplateFiles(files: FileSystem, element: { readonly templateID: string }): FileSystem | undefined {
  const template = templates[element.templateID]
  return template ? walk(files, template, element as unknown as Readonly<Record<string, File>>) : files
}

/** Rows below a directory are in it; a further directory is in the first one. */
function walk(before: FileSystem, template: Template, element: Readonly<Record<string, File>>): FileSystem | undefined {
  const files: Record<string, CardFile> = { ...before }
  const top = topOf(before, template)
  let first: string | undefined
  let directory = top
  for (const row of template.files) {
    const steps = element[row.component]
    if (!steps || steps.some(({ kind }) => kind === 'doNotCreate')) continue
    const isDirectory = row.kind === 'MF' || row.kind === 'DF' || row.kind === 'ADF'
    const parent = isDirectory ? (first ?? top) : directory
    const fcp = steps.find((step) => step.kind === 'fileDescriptor')?.value ?? {}
    const { writes, end } = writesOf(steps)
    const created = createFile({ row, fcp, parent, given: end })
    const file = created && written(created, writes)
    if (!file) return undefined
    const path = row.kind === 'MF' ? MF : pathOf(parent, file.fileID)
    files[path] = file
    if (isDirectory) directory = path
    if (isDirectory) first ??= path
  }
  return files
}

/** Where the application is that the template is for. */
function topOf(files: FileSystem, { under }: Template): string {
  if (under === 'MF') return MF
  const name = aids[under]
  const isApplication = (path: string): boolean => {
    const file = files[path]
    return file?.kind === 'directory' && name.every((octet, i) => octet === file.aid?.[i])
  }
  return Object.keys(files).findLast(isApplication) ?? MF
}

/** Where the content goes, and where the last of it ends. */
function writesOf(steps: File): { readonly writes: readonly Write[]; readonly end: number } {
  const writes: Write[] = []
  let end = 0
  for (const step of steps) {
    if (step.kind === 'fillFileOffset') end += step.value
    if (step.kind !== 'fillFileContent') continue
    writes.push({ at: end, octets: step.value })
    end += step.value.length
  }
  return { writes, end }
}

type ManagementList = ElementOf<'genericFileManagement'>['fileManagementCMD']
type Management = ManagementList[number][number]

/** Where generic file management stands: a directory, a file in it, and an offset in the file. */
interface Cursor {
  readonly files: FileSystem
  readonly directory: string
  readonly file?: string
  readonly at: number
}

/** PE-GenericFileManagement: begins at the MF. `undefined`: values that make no file, or a path that leads nowhere. */
export function withManagedFiles(files: FileSystem, list: ManagementList): FileSystem | undefined {
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
      const file = createFile({ fcp: command.value, parent: cursor.directory, given: 0 })
      if (!file) return undefined
      const path = pathOf(cursor.directory, file.fileID)
      const next = { files: { ...cursor.files, [path]: file }, at: 0 }
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
  const file = files[target]
  if (!file) return undefined
  return file.kind === 'directory'
    ? { files, directory: target, at: 0 }
    : { files, directory: target.slice(0, -5), file: target, at: 0 }
}

function filledAt(cursor: Cursor, octets: Uint8Array): Cursor | undefined {
  const { files, file: path, at } = cursor
  const file = path === undefined ? undefined : files[path]
  const after = file && written(file, [{ at, octets }])
  if (!after || path === undefined) return undefined
  return { ...cursor, files: { ...files, [path]: after }, at: at + octets.length }
}
