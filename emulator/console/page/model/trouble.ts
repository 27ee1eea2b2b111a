/** What is wrong with a message, in a few words: the reason why a person opened the page. */
import { DecodeError, describe, fromHex, type Tlv } from '../../../../protocol/ber/index.ts'
import { sgp22Types } from '../../../../protocol/sgp22/index.ts'
import { sgp32Types } from '../../../../protocol/sgp32/index.ts'
import type { Message } from '../api/contract.ts'

type Types = Readonly<Record<string, Parameters<typeof describe>[1]>>
const types: Types = { ...sgp22Types, ...sgp32Types }

/** From what stands beside the octets: status, status word, execution status of a function. */
export function troubleOf({ interface: on, status, json }: Message): string {
  const failed = executionFailure(json)
  if (failed) return failed
  if (status === undefined) return ''
  if (on === 'ES10') return isGoodWord(status) ? '' : `status word ${status}`
  const code = /^\d{3}/.exec(status)?.[0]
  if (code === undefined) return status
  if (Number(code) >= 400) return `${code}${problemOf(json)}`
  return status.length > 3 && !/executed|success/i.test(status) ? status : ''
}

/** 9000, a proactive command behind success, or more data. */
const isGoodWord = (status: string): boolean => /^(9000|91..|61..)$/i.test(status)

const member = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined

function problemOf(json: unknown): string {
  const said = member(json, 'code') ?? member(json, 'title') ?? member(json, 'message')
  return typeof said === 'string' ? ` ${said}` : ''
}

/** functionExecutionStatus: SGP.22 v2.5, 6.5.1.4. */
function executionFailure(json: unknown): string {
  const execution = member(member(json, 'header'), 'functionExecutionStatus')
  const status = member(execution, 'status')
  if (typeof status !== 'string' || status.startsWith('Executed')) return ''
  const code = member(execution, 'statusCodeData')
  const text = member(code, 'message')
  return `${status} ${member(code, 'subjectCode') ?? '?'}/${member(code, 'reasonCode') ?? '?'}${text ? ` ${text}` : ''}`
}

/** Whether the octets of a message may hold a refusal that nothing beside them shows. */
export const isWorthReading = ({ interface: on, from, octets = '' }: Message): boolean =>
  (on === 'ES10' ? from === 'eUICC' : on === 'ESipa') && octets.length > 0 && octets.length < 8000

/** Answers whose type does not have the name of the function. */
const answerTypes: Readonly<Record<string, string>> = {
  LoadEuiccPackage: 'EuiccPackageResult',
  LoadBoundProfilePackage: 'ProfileInstallationResult',
}

/** Most octets say what others have said before: an empty answer to a poll, an acknowledgement. */
export function createReader(): (message: Pick<Message, 'operation' | 'octets'>) => string {
  const read = new Map<string, string>()
  return (message) => {
    const key = `${message.operation} ${message.octets}`
    const known = read.get(key)
    if (known !== undefined) return known
    const trouble = troubleInside(message)
    if (read.size >= MOST_READ) read.clear()
    read.set(key, trouble)
    return trouble
  }
}

const MOST_READ = 2000

/** From the octets: the first field that names an error, or a result that is not good, by any type that the message can have. */
export function troubleInside({ operation, octets = '' }: Pick<Message, 'operation' | 'octets'>): string {
  const names = [answerTypes[operation] ?? `${operation}Response`, operation, `${operation}Request`]
  const known = names.flatMap((name) => types[name] ?? [])
  for (const type of known.length > 0 ? known : [undefined]) {
    const trouble = troubleAs(type, octets)
    if (trouble) return trouble
  }
  return ''
}

function troubleAs(type: Types[string] | undefined, octets: string): string {
  try {
    return firstTrouble(describe(fromHex(octets), type), '')
  } catch (error) {
    if (error instanceof DecodeError) return ''
    throw error
  }
}

/** Says no more than that there was nothing to do, or that what is optional is not allowed: the ordinary end of a download. */
const harmless = new Set([
  ...['noEimPackageAvailable', 'nothingToDelete', 'immediateEnableNotAvailable'],
  ...['ok', 'false', 'true'],
])

function firstTrouble(tree: readonly Tlv[], path: string): string {
  for (const { field, type, value, children } of tree) {
    const name = field || type
    const here = [path, name].filter(Boolean).join('.')
    if (children) {
      const inner = firstTrouble(children, name.startsWith('[') ? path : name)
      if (inner) return inner
      if (/error(signed|unsigned)?$/i.test(name) && children.length > 0) return here
    } else if (isTrouble(name, value ?? '')) return `${here} ${value}`
  }
  return ''
}

const isTrouble = (name: string, value: string): boolean =>
  !harmless.has(value) &&
  (/error|reason$/i.test(name) ||
    (/result$/i.test(name) && /^[a-z]\w*$/i.test(value)) ||
    /processingTerminated/.test(name))
