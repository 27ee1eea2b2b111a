import { concatOctets } from '../../../protocol/ber/index.ts'
import type { EuiccState } from '../state.ts'
import { isAllowed, type Right } from './access-rules.ts'
import type { CommandApdu } from './apdu.ts'
import type { Channel } from './channels.ts'
import { withEnabledProfile } from './codes.ts'
import { contentOf, type ElementaryFile, fileAt, pathOf, sizeOf } from './files.ts'
import { type Context, type Instruction, onChannel, type Reply, reply } from './instruction.ts'
import { fileSystemOf } from './select.ts'

/** READ BINARY: ETSI TS 102 221, 11.1.3. */
export const readBinary: Instruction = {
  name: 'READ BINARY',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1, p2, le = 0 } = apdu
    const shortFileID = p1 & 0x80 ? p1 & 0x1f : 0
    return withFile(context, { apdu, shortFileID, right: 'read' }, (state, { file }) => {
      if (file.kind !== 'transparent') return reply(state, 'commandIncompatibleWithFile')
      const offset = p1 & 0x80 ? p2 : (p1 << 8) | p2
      if (offset >= sizeOf(file)) return reply(state, 'wrongParameters')
      return reply(state, 'ok', contentOf(file).subarray(offset, offset + le))
    })
  },
}

/** READ RECORD: ETSI TS 102 221, 11.1.5. By number only. */
export const readRecord: Instruction = {
  name: 'READ RECORD',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1: number, p2 } = apdu
    return withFile(context, { apdu, shortFileID: p2 >> 3, right: 'read' }, (state, { file }) => {
      if (file.kind === 'transparent') return reply(state, 'commandIncompatibleWithFile')
      if ((p2 & 0x07) !== 0x04) return reply(state, 'incorrectParameters')
      const end = number * file.recordSize
      if (number === 0 || end > sizeOf(file)) return reply(state, 'recordNotFound')
      return reply(state, 'ok', contentOf(file).subarray(end - file.recordSize, end))
    })
  },
}

/** SEARCH RECORD: ETSI TS 102 221, 11.1.7. Simple search, forward or backward from a record. */
export const searchRecord: Instruction = {
  name: 'SEARCH RECORD',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1: from, p2, data } = apdu
    return withFile(context, { apdu, shortFileID: p2 >> 3, right: 'read' }, (state, { file }) => {
      if (file.kind === 'transparent') return reply(state, 'commandIncompatibleWithFile')
      const mode = p2 & 0x07
      if (mode !== FORWARD && mode !== BACKWARD) return reply(state, 'incorrectParameters')
      const count = sizeOf(file) / file.recordSize
      if (data.length === 0 || data.length > file.recordSize) return reply(state, 'wrongLength')
      if (from === 0 || from > count) return reply(state, 'recordNotFound')
      const numbers = Array.from({ length: count }, (_, i) => i + 1)
      const asked = mode === FORWARD ? numbers.slice(from - 1) : numbers.slice(0, from).reverse()
      const found = asked.filter((number) => recordHas(file, number, data))
      return found.length > 0 ? reply(state, 'ok', Uint8Array.from(found)) : reply(state, 'unsuccessfulSearch')
    })
  },
}

const FORWARD = 0x04
const BACKWARD = 0x05

type RecordFile = Extract<ElementaryFile, { recordSize: number }>

const recordHas = (file: RecordFile, number: number, wanted: Uint8Array): boolean =>
  Buffer.from(contentOf(file).subarray((number - 1) * file.recordSize, number * file.recordSize)).includes(
    Buffer.from(wanted),
  )

/** UPDATE BINARY: ETSI TS 102 221, 11.1.4. */
export const updateBinary: Instruction = {
  name: 'UPDATE BINARY',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1, p2, data } = apdu
    const shortFileID = p1 & 0x80 ? p1 & 0x1f : 0
    return withFile(context, { apdu, shortFileID, right: 'update' }, (state, { file, path }) => {
      if (file.kind !== 'transparent') return reply(state, 'commandIncompatibleWithFile')
      const at = p1 & 0x80 ? p2 : (p1 << 8) | p2
      if (data.length === 0) return reply(state, 'wrongLength')
      if (at + data.length > sizeOf(file)) return reply(state, 'wrongParameters')
      return reply(withContent(state, path, written(contentOf(file), at, data)), 'ok')
    })
  },
}

const ABSOLUTE = 0x04
const PREVIOUS = 0x03

/** UPDATE RECORD: ETSI TS 102 221, 11.1.6. By number, and in a cyclic file the oldest record, which becomes the first. */
export const updateRecord: Instruction = {
  name: 'UPDATE RECORD',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1: number, p2, data } = apdu
    return withFile(context, { apdu, shortFileID: p2 >> 3, right: 'update' }, (state, { file, path }) => {
      if (file.kind === 'transparent') return reply(state, 'commandIncompatibleWithFile')
      const { kind, recordSize } = file
      const content = contentOf(file)
      if ((p2 & 0x07) !== (kind === 'cyclic' ? PREVIOUS : ABSOLUTE)) return reply(state, 'incorrectParameters')
      if (data.length !== recordSize) return reply(state, 'wrongLength')
      if (kind === 'cyclic') {
        const turned = concatOctets(data, content.subarray(0, content.length - recordSize))
        return number === 0 ? reply(withContent(state, path, turned), 'ok') : reply(state, 'incorrectParameters')
      }
      const at = (number - 1) * recordSize
      if (number === 0 || at >= content.length) return reply(state, 'recordNotFound')
      return reply(withContent(state, path, written(content, at, data)), 'ok')
    })
  },
}

function written(content: Uint8Array, at: number, data: Uint8Array): Uint8Array {
  const next = content.slice()
  next.set(data, at)
  return next
}

const withContent = (state: EuiccState, path: string, content: Uint8Array): EuiccState =>
  withEnabledProfile(state, (profile) => {
    const file = fileAt(profile.files, path)
    if (!file || file.kind === 'directory') return profile
    const changed = { path, file: { ...file, content } }
    return { ...profile, files: profile.files.map((placed) => (placed.path === path ? changed : placed)) }
  })

interface Target {
  readonly apdu: CommandApdu
  /** 0: the current file. */
  readonly shortFileID: number
  readonly right: Right
}

type Act = (state: EuiccState, found: { readonly file: ElementaryFile; readonly path: string }) => Reply

/** Finds the file of the command: by its short identifier, which also selects it, or the current one; and asks its access rule. */
function withFile(context: Context, { apdu, shortFileID, right }: Target, act: Act): Reply {
  const { state, channel } = context
  const path = shortFileID === 0 ? channel.file : findShort(state, channel, shortFileID)
  if (path === undefined) return reply(state, shortFileID === 0 ? 'commandNotAllowed' : 'fileNotFound')
  const files = fileSystemOf(state)
  const file = files[path]
  if (!file || file.kind === 'directory') return reply(state, 'commandNotAllowed')
  const selected = onChannel(state, apdu, { ...channel, file: path })
  return isAllowed({ state, channel, files, path, file, right })
    ? act(selected, { file, path })
    : reply(selected, 'securityStatusNotSatisfied')
}

function findShort(state: EuiccState, { directory }: Channel, shortFileID: number): string | undefined {
  const found = Object.entries(fileSystemOf(state)).find(
    ([path, file]) =>
      file.kind !== 'directory' && file.shortFileID === shortFileID && path === pathOf(directory, file.fileID),
  )
  return found?.[0]
}
