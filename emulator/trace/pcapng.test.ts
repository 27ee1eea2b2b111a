import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { concatOctets, fromHex, toHex } from '../../protocol/ber/index.ts'
import { pcapngHeader, pcapngPacket } from './pcapng.ts'

const select = '00a4040010a0000005591010ffffffff890000010000'
const exchanges = [
  { at: 1_700_000_000_123.5, command: fromHex(select), response: fromHex('6127') },
  { at: 1_700_000_000_200, command: fromHex('80e2910006bf3e035c015a'), response: fromHex('6115'), card: 1 },
]
const capture = concatOctets(pcapngHeader(), ...exchanges.map(pcapngPacket))

test('a capture is a section header, an interface and a packet for each exchange, each block closed by its length', () => {
  const octets = capture
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  const types: string[] = []
  for (let at = 0; at < octets.length; at += view.getUint32(at + 4, true)) {
    const length = view.getUint32(at + 4, true)
    expect(view.getUint32(at + length - 4, true)).toBe(length)
    types.push(view.getUint32(at, true).toString(16))
  }
  expect(types).toEqual(['a0d0d0a', '1', '6', '6'])
  expect(toHex(octets)).toContain(`${select.slice(0, -2)}6127`)
})

const hasTshark = spawnSync('tshark', ['--version']).status === 0

test.runIf(hasTshark)('tshark reads the commands, responses and times back (runs where tshark is installed)', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pcapng-')), 'card.pcapng')
  writeFileSync(file, capture)
  const fields = ['frame.time_epoch', 'ip.src', 'ip.checksum.status', 'gsm_sim.apdu.ins', 'gsm_sim.apdu.sw']
  const args = ['-r', file, '-o', 'ip.check_checksum:TRUE', '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
  const rows = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim()
    .split('\n')
  expect(rows.map((row) => row.split('\t'))).toEqual([
    ['1700000000.123500000', '127.0.0.1', '1', '0xa4', '0x6127'],
    ['1700000000.200000000', '127.0.0.2', '1', '0xe2', '0x6115'],
  ])
})
