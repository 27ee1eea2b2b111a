/** A PKI in a folder, laid out like the folder "Variant O" of SGP.26, so that the original can be loaded as well. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { equalOctets } from '../protocol/ber/index.ts'
import { type Curve, type Identity, privateKeyFromPem, readCertificate } from '../protocol/crypto/index.ts'
import { certificateToPem, privateKeyToPem } from './pem.ts'
import type { CurvePki, Pki } from './pki.ts'
import { type Profile, type ProfileName, profiles } from './profiles.ts'

const suffixes: Readonly<Record<Curve, string>> = { nist: 'NIST', brainpool: 'BRP' }

const WARNING =
  'Test PKI of esim-testbed, laid out like SGP.26 variant O. Test only: never trust these certificates elsewhere.\n'

const names = Object.keys(profiles) as ProfileName[]

/** Throws an Error that names the file which is missing, unreadable or does not fit the other. */
export function loadPki(folder: string): Pki {
  return { nist: loadCurve(folder, 'nist'), brainpool: loadCurve(folder, 'brainpool') }
}

/** Writes the certificates in DER and PEM, the keys in PEM, and a word of warning; makes the folders. */
export function savePki(folder: string, pki: Pki): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'README.txt'), WARNING)
  for (const curve of ['nist', 'brainpool'] as const)
    for (const name of names) {
      const identity = pki[curve][name]
      if (identity) saveIdentity(folder, { files: profiles[name].files, curve, identity })
    }
}

export interface StoredIdentity {
  readonly files: Profile['files']
  readonly curve: Curve
  readonly identity: Identity
}

export function saveIdentity(folder: string, { files, curve, identity }: StoredIdentity): void {
  const { certificate, privateKey } = pathsOf(folder, files, curve)
  mkdirSync(dirname(certificate), { recursive: true })
  writeFileSync(certificate, identity.certificate)
  writeFileSync(certificate.replace(/\.der$/, '.pem'), certificateToPem(identity.certificate))
  writeFileSync(privateKey, privateKeyToPem(identity.privateKey), { mode: 0o600 })
}

function loadCurve(folder: string, curve: Curve): CurvePki {
  const present = names.filter((name) => {
    const { files, optional }: Profile = profiles[name]
    return !optional || existsSync(pathsOf(folder, files, curve).certificate)
  })
  const identities = present.map((name) => [name, loadIdentity(pathsOf(folder, profiles[name].files, curve))] as const)
  return Object.fromEntries(identities) as CurvePki
}

function loadIdentity(paths: { certificate: string; privateKey: string }): Identity {
  const certificate = new Uint8Array(readFileSync(paths.certificate))
  const { publicKey } = reading(paths.certificate, () => readCertificate(certificate))
  const privateKey = reading(paths.privateKey, () => privateKeyFromPem(readFileSync(paths.privateKey, 'utf8')))
  if (!publicKey || !equalOctets(publicKey.point, privateKey.publicKey.point))
    throw new Error(`${paths.privateKey} is not the key of ${paths.certificate}`)
  return { certificate, privateKey }
}

function pathsOf(folder: string, files: Profile['files'], curve: Curve) {
  const path = (name: string) => join(folder, files.folder, name.replace('*', suffixes[curve]))
  return { certificate: path(files.certificate), privateKey: path(files.privateKey) }
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
