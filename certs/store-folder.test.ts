import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../protocol/ber/index.ts'
import { loadPki, makePki, savePki } from './index.ts'
import { type ProfileName, profiles } from './profiles.ts'

const folder = mkdtempSync(join(tmpdir(), 'pki-'))
afterAll(() => rmSync(folder, { recursive: true }))

let pki: Awaited<ReturnType<typeof makePki>>
beforeAll(async () => {
  pki = await makePki({ seed: new Uint8Array(32), now: Date.UTC(2026, 10, 22) })
})
beforeEach(() => savePki(folder, pki))

const dpAuthKey = join(folder, 'SM-DP+/SM_DPauth/SK_S_SM_DPauth_SIG_NIST.pem')

describe('a PKI in a folder', () => {
  it('is loaded as it was saved', () => {
    const loaded = loadPki(folder)
    for (const curve of ['nist', 'brainpool'] as const)
      for (const name of Object.keys(profiles) as ProfileName[]) {
        const { certificate, privateKey } = loaded[curve][name] ?? {}
        expect(certificate && toHex(certificate)).toBe(toHex(pki[curve][name].certificate))
        expect(privateKey && toHex(privateKey.scalar)).toBe(toHex(pki[curve][name].privateKey.scalar))
      }
  })
  it('has the file names of SGP.26, and keys that others may not read', () => {
    expect(readFileSync(join(folder, 'CI/CERT_CI_SIG_BRP.der'))).toEqual(Buffer.from(pki.brainpool.ci.certificate))
    expect(readFileSync(join(folder, 'EUM/CERT_EUM_SIG_NIST.pem'), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect(readFileSync(join(folder, 'README.txt'), 'utf8')).toContain('Test only')
    expect(statSync(dpAuthKey).mode & 0o077).toBe(0)
  })
  it('may have keys as openssl ecparam writes them, parameters first', () => {
    const sec1 = pki.nist.dpAuth.privateKey.keyObject.export({ type: 'sec1', format: 'pem' })
    writeFileSync(dpAuthKey, `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`)
    expect(toHex(loadPki(folder).nist.dpAuth.privateKey.scalar)).toBe(toHex(pki.nist.dpAuth.privateKey.scalar))
  })
  it('may have no SM-DS', () => {
    rmSync(join(folder, 'SM-DS'), { recursive: true })
    expect(Object.keys(loadPki(folder).nist)).not.toContain('dsAuth')
  })
  it('is refused by the name of a file that is missing', () => {
    rmSync(dpAuthKey)
    expect(() => loadPki(folder)).toThrow(dpAuthKey)
  })
  it('is refused by the name of a key that fits another certificate', () => {
    writeFileSync(dpAuthKey, pki.nist.dpPb.privateKey.keyObject.export({ type: 'pkcs8', format: 'pem' }))
    expect(() => loadPki(folder)).toThrow(`${dpAuthKey} is not the key of`)
  })
  it('is refused by the name of a file that cannot be read', () => {
    const certificate = join(folder, 'CI/CERT_CI_SIG_NIST.der')
    writeFileSync(certificate, 'no certificate')
    expect(() => loadPki(folder)).toThrow(`${certificate} cannot be read`)
    writeFileSync(certificate, pki.nist.ci.certificate)
    writeFileSync(dpAuthKey, 'no key')
    expect(() => loadPki(folder)).toThrow(`${dpAuthKey} cannot be read`)
  })
})
