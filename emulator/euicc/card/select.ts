import { aids } from '../../../protocol/codes/index.ts'
import { type EuiccState, profileWith } from '../state.ts'
import type { CommandApdu } from './apdu.ts'
import { type Channel, MF } from './channels.ts'
import { pinOn } from './codes.ts'
import { encodeEcasdFci, encodeFcp, encodeIsdrFci } from './fcp.ts'
import { bareFileSystem, type FileSystem, parentOf, pathOf, sparseFileSystem, toFileSystem } from './files.ts'
import { type Context, type Instruction, onChannel, type Reply, reply } from './instruction.ts'

/** Finds a path. `undefined`: there is no such file. */
type Method = (files: FileSystem, channel: Channel, data: Uint8Array) => string | undefined

/** What P1 says about the data: an identifier, nothing (the parent), a path from the MF or from the current directory. */
const methods: ReadonlyMap<number, Method> = new Map<number, Method>([
  [0x00, byIdentifier],
  [0x03, (_, { directory }) => (directory === MF ? undefined : parentOf(directory))],
  [0x08, (files, channel, data) => byPath(files, { ...channel, directory: MF }, data)],
  [0x09, byPath],
])

const BY_NAME = 0x04
/** P2. Any other is answered with a template: real ISD-Rs do. */
const NO_DATA = 0x0c

/** SELECT: ETSI TS 102 221, 11.1.1. A name may be cut short at its end. */
export const select: Instruction = {
  name: 'SELECT',
  classes: 'interindustry',
  run(context, apdu) {
    if (apdu.p1 === BY_NAME) return selectByName(context, apdu)
    const method = methods.get(apdu.p1)
    if (!method) return reply(context.state, 'incorrectParameters')
    const path = method(fileSystemOf(context.state), context.channel, apdu.data)
    return path === undefined ? reply(context.state, 'fileNotFound') : selectPath(context, apdu, path)
  },
}

/** The files of the enabled profile. */
export function fileSystemOf({ memory, product }: EuiccState): FileSystem {
  const withoutProfile = product.policy.filesWithoutProfile === 'mfOnly' ? bareFileSystem : sparseFileSystem
  const enabled = profileWith(memory, memory.enabled)
  return enabled ? toFileSystem(enabled.files) : withoutProfile
}

const SHORTEST_NAME = 5

function selectByName(context: Context, apdu: CommandApdu): Reply {
  const { state } = context
  const isNamed = (name: Uint8Array) =>
    apdu.data.length >= SHORTEST_NAME &&
    apdu.data.length <= name.length &&
    apdu.data.every((octet, i) => octet === name[i])
  if (isNamed(aids.isdR)) return selectDomain(context, apdu, 'ISD-R')
  if (isNamed(aids.ecasd)) return selectDomain(context, apdu, 'ECASD')
  const application = Object.entries(fileSystemOf(state)).find(
    ([, file]) => file.kind === 'directory' && file.aid !== undefined && isNamed(file.aid),
  )
  return application ? selectPath(context, apdu, application[0]) : reply(state, 'fileNotFound')
}

function selectDomain({ state }: Context, apdu: CommandApdu, domain: 'ISD-R' | 'ECASD'): Reply {
  const next = onChannel(state, apdu, { domain, directory: MF })
  const fci = domain === 'ISD-R' ? encodeIsdrFci(state) : encodeEcasdFci()
  return reply(next, 'ok', apdu.p2 === NO_DATA ? undefined : fci)
}

function selectPath({ state, channel }: Context, apdu: CommandApdu, path: string): Reply {
  const file = fileSystemOf(state)[path]
  if (!file) return reply(state, 'fileNotFound')
  const { application } = channel
  const next: Channel =
    file.kind !== 'directory'
      ? { ...withoutDomain(channel), directory: parentOf(path), file: path }
      : { directory: path, ...(file.aid ? { application: path } : application !== undefined && { application }) }
  return reply(
    onChannel(state, apdu, next),
    'ok',
    apdu.p2 === NO_DATA ? undefined : encodeFcp(file, (reference) => pinOn(state, next, reference)?.isEnabled ?? false),
  )
}

function withoutDomain({ domain: _domain, ...channel }: Channel): Channel {
  return channel
}

const CURRENT_APPLICATION = 0x7fff

/** The MF, the current application, a child of the current directory, its parent, one of its parent's children. */
function byIdentifier(files: FileSystem, { directory, application }: Channel, data: Uint8Array): string | undefined {
  if (data.length === 0) return MF
  const fileID = identifierAt(data, 0)
  if (fileID === undefined || data.length > 2) return undefined
  if (fileID === CURRENT_APPLICATION) return application
  const parent = directory === MF ? MF : parentOf(directory)
  const candidates = [MF, directory, pathOf(directory, fileID), parent, pathOf(parent, fileID)]
  return candidates.find((path) => files[path]?.fileID === fileID)
}

function byPath(files: FileSystem, { directory, application }: Channel, data: Uint8Array): string | undefined {
  let path: string | undefined = directory
  for (let at = 0; at < data.length && path !== undefined; at += 2) {
    const fileID = identifierAt(data, at)
    if (fileID === undefined) return undefined
    const isAlias: boolean = at === 0 && fileID === CURRENT_APPLICATION
    path = isAlias ? application : pathOf(path, fileID)
  }
  return path !== undefined && files[path] ? path : undefined
}

function identifierAt(data: Uint8Array, at: number): number | undefined {
  const [high, low] = data.subarray(at, at + 2)
  return high === undefined || low === undefined ? undefined : (high << 8) | low
}
