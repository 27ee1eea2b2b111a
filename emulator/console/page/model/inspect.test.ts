import { describe, expect, test } from 'vitest'
import { capture, encode, toHex } from '../../../../protocol/ber/index.ts'
import {
  EuiccMemoryResetResponse,
  EuiccPackageResult,
  EuiccPackageResultDataSigned,
  GetEimPackageResponse,
} from '../../../../protocol/sgp32/index.ts'
import type { Message } from '../api/contract.ts'
import { actions, asCurl, asHttp } from './actions.ts'
import { asCommand, asVector } from './copy.ts'
import { differences } from './diff.ts'
import { inspect, pathTo } from './inspect.ts'
import { lifeOf, profilesIn } from './life.ts'
import { readRun } from './run.ts'
import { signedOctets } from './signed.ts'
import { createReader, isWorthReading, troubleInside, troubleOf } from './trouble.ts'

const base: Message = { index: 1, at: '', interface: 'ES10', from: 'eUICC', to: 'IPA', operation: 'EuiccMemoryReset' }
const resetRefused = encode(EuiccMemoryResetResponse, { resetResult: 'catBusy' })

describe('what is wrong', () => {
  test.each([
    ['a status word', { status: '6a88' }, 'status word 6a88'],
    ['success', { status: '9000' }, ''],
    ['success with a proactive command', { status: '910b' }, ''],
    [
      'an HTTP status, with what it says',
      { interface: 'API', status: '409', json: { code: 'CONFLICT' } },
      '409 CONFLICT',
    ],
    ['no answer at all', { interface: 'ESipa', status: 'connect ECONNREFUSED' }, 'connect ECONNREFUSED'],
    ['a good answer', { interface: 'ESipa', status: '200' }, ''],
  ])('%s', (_, more, trouble) => {
    expect(troubleOf({ ...base, ...more })).toBe(trouble)
  })

  test('a function of ES9+ that was not executed, behind HTTP 200', () => {
    const statusCodeData = { subjectCode: '8.2.6', reasonCode: '3.8', message: 'Refused' }
    const json = { header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } }
    expect(troubleOf({ ...base, interface: 'ES9+', status: '200', json })).toBe('Failed 8.2.6/3.8 Refused')
  })

  test('a result in the octets that is not good', () => {
    const refused = { ...base, octets: toHex(resetRefused) }
    expect(isWorthReading(refused)).toBe(true)
    expect(troubleInside(refused)).toBe('EuiccMemoryResetResponse.resetResult catBusy')
    const done = encode(EuiccMemoryResetResponse, { resetResult: 'ok' })
    expect(troubleInside({ ...base, octets: toHex(done) })).toBe('')
    const read = createReader()
    expect([refused, refused, { ...base, octets: toHex(done) }].map(read)).toEqual([
      ...['EuiccMemoryResetResponse.resetResult catBusy', 'EuiccMemoryResetResponse.resetResult catBusy'],
      '',
    ])
  })

  test('that no package waits is no trouble, and octets that are no TLV are not judged', () => {
    const octets = toHex(encode(GetEimPackageResponse, { kind: 'eimPackageError', value: 'noEimPackageAvailable' }))
    expect(troubleInside({ ...base, operation: 'GetEimPackage', octets })).toBe('')
    expect(troubleInside({ ...base, octets: '00' })).toBe('')
  })

  test('a package that the card did not carry out, in its answer and on the way to the eIM', () => {
    const euiccPackageResult = encode(EuiccPackageResult, {
      kind: 'euiccPackageResultSigned',
      value: {
        euiccPackageResultDataSigned: capture(EuiccPackageResultDataSigned, {
          eimId: 'eim',
          counterValue: 7,
          seqNumber: 1,
          euiccResult: [{ kind: 'enableResult', value: 'catBusy' }],
        }),
        euiccSignEPR: new Uint8Array(64),
      },
    })
    const octets = toHex(euiccPackageResult)
    expect(troubleInside({ operation: 'LoadEuiccPackage', octets })).toContain('enableResult catBusy')
    const length = (octets.length / 2 + 18).toString(16)
    const provided = `bf5081${length}5a1089${'00'.repeat(15)}${octets}`
    expect(troubleInside({ operation: 'ProvideEimPackageResult', octets: provided })).toContain('enableResult catBusy')
  })

  test('that a profile may not be enabled at once is the ordinary end of a download; that it failed is trouble', () => {
    const answer = { ...base, operation: 'ImmediateEnable' }
    expect(troubleInside({ ...answer, octets: 'bf5a03800101' })).toBe('')
    expect(troubleInside({ ...answer, octets: 'bf5a0380017f' })).toBe(
      'ImmediateEnableResponse.immediateEnableResult undefinedError',
    )
  })
})

describe('the inspector', () => {
  test('shows TLVs with the place of each', () => {
    const { title, roots, buffers } = inspect({ ...base, status: '9000', octets: toHex(resetRefused) })
    expect(title).toBe('EuiccMemoryResetResponse')
    expect(roots[0]?.children[0]).toMatchObject({
      label: 'resetResult',
      tag: '80',
      value: 'catBusy',
      place: { from: 3, content: 5, to: 6 },
    })
    expect(buffers[0]).toEqual(resetRefused)
    expect(pathTo(roots, 0, 5).map(({ label }) => label)).toEqual(['EuiccMemoryResetResponse', 'resetResult'])
    expect(pathTo(roots, 1, 5)).toEqual([])
  })

  test('opens the DER that JSON carries in base64', () => {
    const carried = encode(EuiccMemoryResetResponse, {
      resetResult: 'ok',
      resetEimResult: 'ok',
      resetImmediateEnableConfigResult: 'ok',
    })
    const json = { header: { status: 'x' }, data: btoa(String.fromCharCode(...carried)), list: [1] }
    const { roots, buffers } = inspect({ ...base, json })
    expect(roots.map(({ label }) => label)).toEqual(['header', 'data', 'list'])
    expect(roots[1]?.children[0]?.children[0]).toMatchObject({ label: 'resetResult', value: 'ok' })
    expect(buffers).toHaveLength(1)
  })

  test('shows octets that are no TLV as they are', () => {
    expect(inspect({ ...base, octets: '00' }).roots[0]).toMatchObject({ label: 'octets', place: { from: 0, to: 1 } })
  })
})

test('what is to be judged: signed DER of a message, also when JSON has it field by field', () => {
  expect(signedOctets({ ...base, octets: 'bf2d00' })).toEqual([])
  expect(signedOctets({ ...base, octets: 'bf5100' })).toEqual(['bf5100'])
  const field = btoa('\x04\x01\x07')
  const [first, ...rest] = ['serverSigned1', 'serverSignature1', 'euiccCiPKIdToBeUsed', 'serverCertificate']
  const json = { transactionId: '0A', [first ?? '']: field, ...Object.fromEntries(rest.map((name) => [name, field])) }
  expect(signedOctets({ ...base, json })).toEqual(['bf3911a00f80010a040107040107040107040107'])
  expect(signedOctets({ ...base, json: { ...json, serverSigned1: 1 } })).toEqual([])
})

test('differences go by identity, not by position', () => {
  const before = {
    profiles: [
      { iccid: 'a', state: 'enabled' },
      { iccid: 'b', state: 'disabled' },
    ],
    counter: 1,
    gone: true,
    list: [1, 2],
  }
  const after = {
    profiles: [
      { iccid: 'b', state: 'enabled' },
      { iccid: 'c', state: 'disabled' },
    ],
    counter: 2,
    list: [1, 3],
  }
  expect(differences(before, before)).toEqual([])
  expect(differences(before, after).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'removed profiles.a',
    'changed profiles.b.state',
    'added profiles.c',
    'changed counter',
    'removed gone',
    'changed list.[1]',
  ])
})

test('the life of a profile is the path of its events', () => {
  const events = ['profile-installed', 'profile-enabled', 'package-executed', 'profile-disabled'].map(
    (type, sequence) => ({ eid: 'e', at: '', cause: 'x', type, sequence, iccid: 'a' }),
  )
  expect(lifeOf(events, 'a')).toMatchObject({
    state: 'disabled',
    path: [{ edge: 'install' }, { edge: 'enable' }, { edge: 'disable' }],
  })
  expect(lifeOf(events, 'b')).toEqual({ state: 'absent', path: [] })
  expect(profilesIn(events)).toEqual(['a'])
})

describe('copies', () => {
  const doors = { provider: 'http://p', eimNorthbound: 'http://n', es9plus: 'https://s', esipa: 'https://i' }
  test.each([
    [
      'API',
      { interface: 'API', operation: 'POST /esim/enable', json: { a: "it's" } },
      `curl -s -X POST http://p/esim/enable`,
    ],
    ['event', { interface: 'event', operation: 'POST http://sink/x', json: {} }, 'curl -s -X POST http://sink/x'],
    [
      'northbound',
      { interface: 'northbound', operation: 'GET /eim/v1/euiccs' },
      'curl -s -X GET http://n/eim/v1/euiccs',
    ],
    [
      'ES9+',
      { interface: 'ES9+', operation: 'InitiateAuthentication', json: {} },
      'curl -sk -X POST https://s/gsma/rsp2/es9plus/initiateAuthentication',
    ],
    [
      'ESipa',
      { interface: 'ESipa', operation: 'GetEimPackage', octets: 'bf4f00' },
      'printf %s bf4f00 | xxd -r -p | curl -sk -X POST https://i/gsma/rsp2/asn1',
    ],
    ['ES10', { octets: 'bf2d00' }, 'npx esim-testbed decode bf2d00'],
    ['an answer', { interface: 'API', operation: 'POST /x', status: '200', json: { a: 1 } }, `printf %s '{"a":1}'`],
  ])('a message of %s as a command', (_, more, command) => {
    expect(asCommand({ ...base, ...more }, doors).startsWith(command)).toBe(true)
  })

  test('a message as a test vector', () => {
    expect(JSON.parse(asVector({ ...base, octets: 'bf2d00' }, 'ProfileInfoListRequest'))).toEqual({
      name: 'EuiccMemoryReset on ES10, from eUICC to IPA',
      type: 'ProfileInfoListRequest',
      octets: 'bf2d00',
    })
  })
})

test('every action is one request, shown as a command and as HTTP', () => {
  for (const action of actions) {
    const values = Object.fromEntries(action.fields(undefined).map(({ name, initial }) => [name, initial]))
    const request = action.request('E', values)
    expect(request.path.startsWith(action.isOfDevice ? '/devices/E/' : '/')).toBe(true)
    expect(asCurl('http://o', request, true)).toContain(
      `http://o/testbed/v1${request.path} -H "authorization: Bearer $TOKEN"`,
    )
    expect(asHttp('o', request).split('\n')[0]).toBe(`${request.method} /testbed/v1${request.path} HTTP/1.1`)
  }
  expect(asCurl('o', { method: 'POST', path: '/runs?title=a', file: 'a run' })).toBe(
    `curl -s -X POST 'o/testbed/v1/runs?title=a' \\\n  -H 'content-type: application/x-ndjson' --data-binary @'a run'`,
  )
  expect(asHttp('o', { method: 'POST', path: '/runs', file: 'a' })).toContain('Content-Type: application/x-ndjson')
  expect(asCurl('o', { method: 'GET', path: '/run', into: 'run.ndjson' })).toContain(`/run -o 'run.ndjson'`)
  expect(actions.find(({ id }) => id === 'advance')?.request('', { count: '2', unit: 'days' }).body).toEqual({
    advanceMs: 172_800_000,
  })
  expect(asCurl('', { method: 'POST', path: '', body: "it's" })).toContain(`'"it'\\''s"'`)
})

test('a run is read back, and a file that is none is refused with its line', () => {
  const head = JSON.stringify({ run: 'esim-testbed/run/1', name: 'x', devices: [{ eid: 'E' }] })
  const run = readRun(`${head}\n{"id":1,"event":"card","data":{}}\n{"card":{"eid":"E","sequence":1}}\n`)
  expect(run).toMatchObject({ events: [{ id: 1 }], cards: [{ sequence: 1 }], devices: [{ eid: 'E' }] })
  expect(() => readRun('{}')).toThrow('Line 1')
  expect(() => readRun(`${head}\nno`)).toThrow('Line 2')
  expect(() => readRun(`${head}\n{}`)).toThrow('Line 2')
})
