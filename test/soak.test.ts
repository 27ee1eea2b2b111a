import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The short form of `npm run soak`: so many operations, hours on the virtual clock, however long the machine takes for them. */
const OPERATIONS = 150
const VIRTUAL_MINUTES = 5

test('mixed traffic with faults leaves the heap as it was: what it keeps is bounded', async () => {
  const script = fileURLToPath(new URL('../scripts/soak.mjs', import.meta.url))
  const soak = spawn(process.execPath, [script, '--operations', String(OPERATIONS), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: string[] = []
  soak.stdout.on('data', (part) => parts.push(String(part)))
  const [status] = await once(soak, 'close')
  const { operations, virtualMinutes, octetsPerOperation, bound, counts } = JSON.parse(parts.join(''))
  expect({ status, operations }).toEqual({ status: 0, operations: OPERATIONS })
  expect(virtualMinutes).toBeGreaterThan(VIRTUAL_MINUTES)
  expect(octetsPerOperation).toBeLessThanOrEqual(bound)
  expect(counts['download: success']).toBeGreaterThan(0)
}, 900_000)
