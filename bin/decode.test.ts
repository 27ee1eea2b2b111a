import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from './command.ts'
import { decoded } from './commands/decode.ts'

const lines = (operand: string, flags: Record<string, string | boolean> = {}): readonly string[] =>
  decoded({ positionals: [operand], flags })
    .output.trimEnd()
    .split('\n')

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'decode-')), name)
  writeFileSync(path, content)
  return path
}

const message = 'bf2e128010000102030405060708090a0b0c0d0e0f'
const octets = Buffer.from(message, 'hex')
const shown = [
  '0..20       bf2e (GetEuiccChallengeResponse)',
  '3..20         80 euiccChallenge (OCTET STRING) 000102030405060708090a0b0c0d0e0f',
]

describe('Octets are taken', () => {
  test.each([
    ['in hexadecimal', message],
    ['with spaces', message.replace(/(..)/g, '$1 ')],
    ['in base64', octets.toString('base64')],
    ['in a file of base64', file('a.b64', octets.toString('base64'))],
    ['in a PEM file', file('a.pem', `-----BEGIN MESSAGE-----\n${octets.toString('base64')}\n-----END MESSAGE-----\n`)],
    ['in a file of octets', file('a.der', octets)],
  ])('%s', (_how, operand) => {
    expect(lines(operand)).toEqual(shown)
  })

  test('and nothing else: a name that is no file is one sentence', () => {
    expect(() => lines('no such thing')).toThrow(UsageError)
  })
})

test('without a version, a message that only v1.0.1 has is shown as one of v1.0.1, its names included', () => {
  expect(lines('bf5000')).toEqual(['SGP.32 v1.0.1', '0..2        bf50 (ProvideEimPackageResultResponse)'])
})

test('with a version, components have the names of that version', () => {
  const psmo = 'a7028000'
  expect(lines(psmo, { type: 'Psmo' })[0]).toContain('configureImmediateEnable')
  const old = lines(psmo, { type: 'Psmo', specification: '1.0.1' })
  expect(old[1]).toContain('configureAutoEnable')
  expect(old[2]).toContain('autoEnableFlag')
  expect(() => lines(psmo, { specification: '1.1' })).toThrow('--specification is 1.2 or 1.0.1')
})

test('elements that no type explains are shown by their tags, octets that are no TLV as they are', () => {
  expect(lines('bf7f05a0039e0101')).toEqual(['0..7        bf7f', '3..7          a0', '5..7            9e 01'])
  expect(decoded({ positionals: ['bf2e12'], flags: {} })).toEqual({
    output: '0..2  unknown octets bf2e12\n',
    complaint: 'decode: truncated at octet 0\n',
  })
})

test('a profile package is shown element by element', () => {
  const end = 'aa07a0058000810101'
  const tree = lines(`${end}${end}`)
  expect(tree[0]).toMatch(/^0\.\.8 +aa end /)
  expect(tree.filter((line) => line.includes(' aa end'))).toHaveLength(2)
})

/** Segments by hand: BF36 and BF23 together, A0 whole, A1 and A3 header first, then their elements. */
test('a bound profile package is shown with the segments that an LPA sends', () => {
  const bpp = 'bf3615bf2300a0028700a10488008800a2028700a3028600'
  const json = JSON.parse(decoded({ positionals: [bpp], flags: { type: 'BoundProfilePackage', json: true } }).output)
  expect(json.segments.map(({ from, to }: { from: number; to: number }) => [from, to])).toEqual([
    [0, 5],
    [6, 9],
    [10, 11],
    [12, 13],
    [14, 15],
    [16, 19],
    [20, 21],
    [22, 23],
  ])
  expect(json.tree[0]).toMatchObject({ from: 0, to: 23, tag: 'bf36', type: 'BoundProfilePackage' })
})
