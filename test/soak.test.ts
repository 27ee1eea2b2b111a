import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The short form of `npm run soak`: so many operations on virtual time, however long the machine takes for them. */
const OPERATIONS = 150

test('mixed traffic with faults leaves the heap as it was: what it keeps is bounded', async () => {
  const script = fileURLToPath(new URL('../scripts/soak.mjs', import.meta.url))
  const soak = spawn(process.execPath, [script, '--operations', String(OPERATIONS), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: string[] = []
  soak.stdout.on('data', (part) => parts.push(String(part)))
  const [status] = await once(soak, 'close')
  const { operations, octetsPerOperation, bound, counts } = JSON.parse(parts.join(''))
  expect({ status, operations }).toEqual({ status: 0, operations: OPERATIONS })
  expect(octetsPerOperation).toBeLessThanOrEqual(bound)
  expect(counts['download: success']).toBeGreaterThan(0)
}, 900_000)
