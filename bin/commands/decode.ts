import { type AnySchema, DecodeError, decode, describe, type Tlv, tagToHex, toHex } from '../../protocol/ber/index.ts'
import { ProfileElement, readProfile } from '../../protocol/saip/index.ts'
import { sgp22Types } from '../../protocol/sgp22/index.ts'
import {
  type Identified,
  identify,
  namesIn1_0_1,
  type Sgp32Version,
  sgp32Types,
  sgp32Versions,
  sgp32v1_0_1Types,
} from '../../protocol/sgp32/index.ts'
import { type Arguments, type Command, textOf, UsageError } from '../command.ts'
import { dumpLines } from '../dump.ts'
import { readOctets } from '../octets-input.ts'
import { type Segment, segmentsOf } from '../segments.ts'

const types: Readonly<Record<Sgp32Version, Readonly<Record<string, AnySchema>>>> = {
  '1.2': { ProfileElement, ...sgp22Types, ...sgp32Types },
  '1.0.1': { ProfileElement, ...sgp22Types, ...sgp32Types, ...sgp32v1_0_1Types },
}

export const decodeCommand: Command = {
  name: 'decode',
  summary:
    'Shows octets of ES10, ESipa, ES8+, ES9+ or a profile package as an annotated tree: octet range, tag, field, type, value.',
  operands: '[HEX | BASE64 | FILE | -]',
  flags: {
    type: { value: 'NAME', summary: 'the ASN.1 type; without it, the one that explains most of the octets' },
    specification: { value: 'VERSION', summary: 'of SGP.32: 1.2 or 1.0.1; without it, the one that can read them' },
    json: { summary: 'the tree as JSON' },
  },
  async run(args) {
    const { output, complaint } = decoded(args)
    process.stdout.write(output)
    if (complaint === undefined) return 0
    process.stderr.write(complaint)
    return 1
  },
}

/** What is shown; `complaint`: the octets are not even one TLV. */
export function decoded(args: Arguments): { readonly output: string; readonly complaint?: string } {
  const octets = read(args.positionals[0] ?? '-')
  const { version, found } = typeOf(args, octets)
  try {
    const tree = inVersion(describe(octets, found?.schema), version)
    const shown: Shown = { type: found?.name ?? '', version, tree, segments: segmentsOf(tree) }
    return { output: args.flags['json'] === true ? toJson(shown) : toText(shown) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return {
      output: `0..${octets.length - 1}  unknown octets ${toHex(octets)}\n`,
      complaint: `decode: ${error.code} at octet ${error.offset}\n`,
    }
  }
}

function read(operand: string): Uint8Array {
  try {
    return readOctets(operand)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`decode: ${operand} is neither octets nor a readable file (${code}).`)
  }
}

interface Choice {
  readonly version: Sgp32Version
  readonly found: Identified | undefined
}

/** What the octets are said to be, else what can read them: v1.2 before v1.0.1, a message before a profile package. */
function typeOf(args: Arguments, octets: Uint8Array): Choice {
  const asked = textOf(args, 'specification')
  const versions = sgp32Versions.filter((version) => asked === undefined || asked === version)
  const [first] = versions
  if (first === undefined) throw new UsageError(`decode: --specification is ${sgp32Versions.join(' or ')}.`)
  const name = textOf(args, 'type')
  const candidates = versions.map((version) => ({
    version,
    found: name === undefined ? identify(octets, undefined, version) : typeNamed(name, version),
  }))
  if (name !== undefined && candidates.every(({ found }) => !found))
    throw new UsageError(`decode: no type is called ${name}.`)
  const readable = candidates.find(({ found }) => found && (name === undefined || canRead(found.schema, octets)))
  if (readable) return readable
  if (name !== undefined) return { version: first, found: typeNamed(name, first) }
  const element = { name: 'ProfileElement', schema: ProfileElement as unknown as AnySchema }
  return { version: first, found: isProfile(octets) ? element : undefined }
}

function typeNamed(name: string, version: Sgp32Version): Identified | undefined {
  const schema = types[version][name]
  return schema && { name, schema }
}

const canRead = (schema: AnySchema, octets: Uint8Array): boolean =>
  attempt(() => decode(schema as never, octets, { rules: 'BER' }))
const isProfile = (octets: Uint8Array): boolean => octets.length > 0 && attempt(() => readProfile(octets))

function attempt(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

/** Names as the version writes them. */
function inVersion(tree: readonly Tlv[], version: Sgp32Version): readonly Tlv[] {
  if (version !== '1.0.1') return tree
  const named = (name: string): string =>
    name
      .split('.')
      .map((part) => namesIn1_0_1[part] ?? part)
      .join('.')
  return tree.map((tlv) => ({
    ...tlv,
    field: named(tlv.field),
    type: named(tlv.type),
    ...(tlv.children && { children: inVersion(tlv.children, version) }),
  }))
}

interface Shown {
  readonly type: string
  readonly version: Sgp32Version
  readonly tree: readonly Tlv[]
  readonly segments: readonly Segment[]
}

function toText({ version, tree, segments }: Shown): string {
  const heading = version === '1.0.1' ? ['SGP.32 v1.0.1'] : []
  const parts = segments.map(({ name, from, to }, i) => `  ${`${from}..${to}`.padEnd(12)} ${i + 1}  ${name}`)
  const list = parts.length > 0 ? ['', `${parts.length} segments`, ...parts] : []
  return `${[...heading, ...dumpLines(tree), ...list].join('\n')}\n`
}

/** Tags in hexadecimal, `from` and `to` the octet range of a whole element. */
function toJson({ type, version, tree, segments }: Shown): string {
  const node = ({ tag, offset, headerLength, length, children, ...rest }: Tlv): unknown => ({
    from: offset,
    to: offset + headerLength + length - 1,
    tag: tagToHex(tag),
    ...rest,
    ...(children && { children: children.map(node) }),
  })
  const shown = {
    type,
    specification: `SGP.32 v${version}`,
    tree: tree.map(node),
    ...(segments.length > 0 && { segments }),
  }
  return `${JSON.stringify(shown, undefined, 2)}\n`
}
