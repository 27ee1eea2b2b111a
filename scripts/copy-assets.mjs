// Files that the compiler does not carry into dist/: features, pages, documents that are served.
import { cpSync, existsSync } from 'node:fs'

const assets = ['conformance/features', 'emulator/console/page', 'certs/pki']
for (const path of assets) if (existsSync(path)) cpSync(path, `dist/${path}`, { recursive: true })
