// `npm run --silent sbom`: what the package brings along, from the lock file, whatever is installed here. CycloneDX; `npm run --silent sbom -- spdx`: SPDX.
// npm's own `--omit dev` leaves out what development needs as well (yaml and ajv among others; npm 11.19): only the form is left to it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const format = process.argv[2] ?? 'cyclonedx'
const { name: project, packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const shipped = new Set(
  Object.entries(packages)
    .filter(([, { dev }]) => !dev)
    .map(([path, { name, version }]) => `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`),
)
const isShipped = ({ name, version, versionInfo = version }) => shipped.has(`${name}@${versionInfo}`)

const forms = {
  cyclonedx(bill) {
    const components = bill.components.filter(isShipped)
    const ours = { ...bill.metadata.component, name: project } // npm calls it after the folder that it lies in
    const known = new Set([ours, ...components].map((component) => component['bom-ref']))
    const dependencies = bill.dependencies
      .filter(({ ref }) => known.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => known.has(other)) }))
    return { ...bill, metadata: { ...bill.metadata, component: ours }, components, dependencies }
  },
  spdx(bill) {
    const kept = bill.packages.filter(isShipped)
    const known = new Set([bill.SPDXID, ...kept.map(({ SPDXID }) => SPDXID)])
    const relationships = bill.relationships.filter(
      ({ spdxElementId, relatedSpdxElement }) => known.has(spdxElementId) && known.has(relatedSpdxElement),
    )
    return { ...bill, packages: kept, relationships }
  },
}

const question = ['sbom', '--package-lock-only', '--sbom-format', format]
const bill = JSON.parse(execFileSync('npm', question, { encoding: 'utf8', maxBuffer: 2 ** 26 }))
process.stdout.write(`${JSON.stringify(forms[format](bill), undefined, 2)}\n`)
