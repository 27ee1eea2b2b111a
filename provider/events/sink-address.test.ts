import { describe, expect, it } from 'vitest'
import { isSpecial, sinkProblem } from './sink-address.ts'

const retry = { initialMs: 1, factor: 2, maxMs: 1, jitter: 0, giveUpAfterMs: 1 }
const careful = { allowHttp: false, allowPrivateAddresses: false, timeoutMs: 1, retry }

describe('a sink', () => {
  it.each([
    ['https://sink.example/events', undefined],
    ['https://93.184.216.34/', undefined],
    ['http://sink.example/', 'sink must be an https URL.'],
    ['ftp://sink.example/', 'sink must be an https URL.'],
    ['javascript:alert(1)', 'sink must be an https URL.'],
    ['nonsense', 'sink must be a URL.'],
    ['https://user:word@sink.example/', 'sink must not carry credentials; sinkCredential does.'],
    ['https://127.0.0.1/', 'sink must be a public address.'],
    ['https://2130706433/', 'sink must be a public address.'],
    ['https://[::1]/', 'sink must be a public address.'],
    ['https://[::ffff:10.0.0.1]/', 'sink must be a public address.'],
  ])('%s: %s', (sink, problem) => {
    expect(sinkProblem(sink, careful)).toBe(problem)
  })

  it('may be http where that is allowed, and private where that is allowed', () => {
    expect(sinkProblem('http://sink.example/', { ...careful, allowHttp: true })).toBeUndefined()
    expect(sinkProblem('https://10.0.0.1/', { ...careful, allowPrivateAddresses: true })).toBeUndefined()
  })
})

describe('an address', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.168.1.1', '198.18.0.1'],
    ...['224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1'],
    ...[
      '64:ff9b::7f00:1',
      '2001:db8::1',
      '2002:7f00:1::',
      '::7f00:1',
      '::ffff:0:7f00:1',
      '3fff::1',
      '5f00::1',
      '4000::1',
    ],
  ])('%s is special', (address) => {
    expect(isSpecial(address)).toBe(true)
  })

  it.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111', '::ffff:1.1.1.1'])(
    '%s is public',
    (address) => {
      expect(isSpecial(address)).toBe(false)
    },
  )
})
