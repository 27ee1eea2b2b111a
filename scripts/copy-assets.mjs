// Files that the compiler does not carry into dist/: features, statements, pages, documents that are served.
import { cpSync, existsSync, rmSync } from 'node:fs'

const assets = ['conformance/features', 'conformance/ics', 'certs/pki']
const filter = (path) => !path.endsWith('.ts')
rmSync('dist/conformance/features', { recursive: true, force: true }) // one that is gone must not be run
for (const path of assets) if (existsSync(path)) cpSync(path, `dist/${path}`, { recursive: true, filter })
