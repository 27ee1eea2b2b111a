import type { EuiccState } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import type { Channel } from './channels.ts'
import { type ElementaryFile, pathOf } from './files.ts'
import { type Context, type Instruction, onChannel, type Reply, reply } from './instruction.ts'
import { fileSystemOf } from './select.ts'

/** READ BINARY: ETSI TS 102 221, 11.1.3. */
export const readBinary: Instruction = {
  name: 'READ BINARY',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1, p2, le = 0 } = apdu
    const shortFileID = p1 & 0x80 ? p1 & 0x1f : 0
    return withFile(context, { apdu, shortFileID }, (state, file) => {
      if (file.kind !== 'transparent') return reply(state, 'commandIncompatibleWithFile')
      const offset = p1 & 0x80 ? p2 : (p1 << 8) | p2
      if (offset >= file.content.length) return reply(state, 'wrongParameters')
      return reply(state, 'ok', file.content.subarray(offset, offset + le))
    })
  },
}

/** READ RECORD: ETSI TS 102 221, 11.1.5. By number only. */
export const readRecord: Instruction = {
  name: 'READ RECORD',
  classes: 'interindustry',
  run(context, apdu) {
    const { p1: number, p2 } = apdu
    return withFile(context, { apdu, shortFileID: p2 >> 3 }, (state, file) => {
      if (file.kind === 'transparent') return reply(state, 'commandIncompatibleWithFile')
      if ((p2 & 0x07) !== 0x04) return reply(state, 'incorrectParameters')
      const { content, recordSize } = file
      const end = number * recordSize
      if (number === 0 || end > content.length) return reply(state, 'recordNotFound')
      return reply(state, 'ok', content.subarray(end - recordSize, end))
    })
  },
}

type Read = (state: EuiccState, file: ElementaryFile) => Reply

/** Finds the file of the command: by its short identifier, which also selects it, or the current one. */
function withFile(context: Context, target: { apdu: CommandApdu; shortFileID: number }, read: Read): Reply {
  const { state, channel } = context
  const path = target.shortFileID === 0 ? channel.file : findShort(state, channel, target.shortFileID)
  if (path === undefined) return reply(state, target.shortFileID === 0 ? 'commandNotAllowed' : 'fileNotFound')
  const file = fileSystemOf(state)[path]
  if (!file || file.kind === 'directory') return reply(state, 'commandNotAllowed')
  return read(onChannel(state, target.apdu, { ...channel, file: path }), file)
}

function findShort(state: EuiccState, { directory }: Channel, shortFileID: number): string | undefined {
  const found = Object.entries(fileSystemOf(state)).find(
    ([path, file]) =>
      file.kind !== 'directory' && file.shortFileID === shortFileID && path === pathOf(directory, file.fileID),
  )
  return found?.[0]
}
