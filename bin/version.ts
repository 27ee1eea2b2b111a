import { readFileSync } from 'node:fs'

const candidates = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url))

/** Version of the package, read from its package.json: beside the sources, one level up from the built files. */
export const version: string = readVersion()

function readVersion(): string {
  for (const candidate of candidates) {
    try {
      const { name, version } = JSON.parse(readFileSync(candidate, 'utf8'))
      if (name === 'esim-testbed') return version
    } catch {}
  }
  throw new Error('The package.json of esim-testbed is not where it belongs')
}
