/** CycloneDX 1.5 and SPDX 2.3, as `npm run sbom` prints them. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Locked {
  readonly version: string
  readonly dev?: true
  readonly name?: string
  readonly integrity?: string
}

const printed = async (...args: readonly string[]) => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom', '--', ...args], {
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}

/** `name@version` of each package that is installed with ours, and its checksum in hexadecimal digits. */
async function installed(): Promise<ReadonlyMap<string, string>> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'))
  const wanted = Object.entries<Locked>(packages).filter(([path, { dev }]) => path !== '' && !dev)
  return new Map(
    wanted.map(([path, { name, version, integrity = '' }]) => [
      `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`,
      Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
    ]),
  )
}

test('the bill of materials names each package of the lock file, with its checksum and licence, and what needs what', async () => {
  const bill = await printed()
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 })
  expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
  const { component: ours } = bill.metadata
  expect(ours).toMatchObject({ name: 'esim-testbed', purl: expect.stringMatching(/^pkg:npm\/esim-testbed@/) })
  const checksums = bill.components.map(({ name, version, hashes }: Component) => [
    `${name}@${version}`,
    hashes.find(({ alg }) => alg === 'SHA-512')?.content,
  ])
  expect(Object.fromEntries(checksums)).toEqual(Object.fromEntries(await installed()))
  const references = new Set([ours, ...bill.components].map((component) => component['bom-ref']))
  expect(references.size).toBe(bill.components.length + 1)
  for (const { ref, dependsOn } of bill.dependencies)
    for (const name of [ref, ...dependsOn]) expect(references).toContain(name)
  const unlicensed = bill.components.filter(({ licenses }: Component) => !licenses?.length)
  expect(unlicensed.map(({ name }: Component) => name)).toEqual(['only'])
})

interface Component {
  readonly name: string
  readonly version: string
  readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses?: readonly unknown[]
}

test('the same in SPDX', async () => {
  const bill = await printed('spdx')
  expect(bill).toMatchObject({ spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT' })
  expect(bill.documentNamespace).toMatch(/^https?:/)
  const names = bill.packages.map(
    ({ name, versionInfo }: { name: string; versionInfo: string }) => `${name}@${versionInfo}`,
  )
  expect(names.toSorted()).toEqual([`${bill.name}`, ...(await installed()).keys()].toSorted())
  const ids = new Set(bill.packages.map(({ SPDXID }: { SPDXID: string }) => SPDXID)).add(bill.SPDXID)
  for (const { spdxElementId, relatedSpdxElement } of bill.relationships) {
    expect(ids).toContain(spdxElementId)
    expect(ids).toContain(relatedSpdxElement)
  }
})
