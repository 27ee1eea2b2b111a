import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { startWorld, type World } from '../bin/world.ts'
import { certificateToPem, makePki, type Pki, savePki } from '../certs/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'certs-'))
const flags = {
  'certs.folder': folder,
  'devices.count': 0,
  'provider.enabled': false,
  'control.port': 0,
  'eim.esipaPort': 0,
  'eim.northboundPort': 0,
  'eim.onomondoPort': 0,
  'smdp.port': 0,
  'smds.port': 0,
}
let pki: Pki
let world: World

beforeAll(async () => {
  pki = await makePki({ seed: new TextEncoder().encode('another PKI'), now: Date.now() })
  savePki(folder, pki)
  world = await startWorld(readConfig({ flags }))
})

afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true })
})

const certificateAt = (door: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(door)
    const ca = certificateToPem(pki.nist.ci.certificate)
    const socket = connect({ host: hostname, port: Number(port), servername: hostname, ca }, () => {
      resolve(socket.getPeerCertificate().raw.toString('hex'))
      socket.destroy()
    }).once('error', reject)
  })

test('servers show the certificates of the folder', async () => {
  const { es9plus = '', esipa = '' } = world.doors
  expect(await certificateAt(es9plus)).toBe(Buffer.from(pki.nist.dpTls.certificate).toString('hex'))
  expect(await certificateAt(esipa)).toBe(Buffer.from(pki.nist.eimTls.certificate).toString('hex'))
})

test('a device below its EUM installs a profile: card, eIM and SM-DP+ believe each other', async () => {
  const answer = await fetch(`${world.doors['control']}/leases`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ owner: 'acme', profiles: [{ state: 'enabled' }] }),
  })
  expect(await answer.json()).toMatchObject({ profiles: [{ state: 'enabled' }] })
  expect(answer.status).toBe(201)
})

test('a folder that lacks a file is refused by the name of the file', async () => {
  const config = readConfig({ flags: { ...flags, 'certs.folder': join(folder, 'EUM') } })
  await expect(startWorld(config)).rejects.toThrow(/^The certificates in .* cannot be used: .*CERT_CI_SIG_NIST\.der/)
})
