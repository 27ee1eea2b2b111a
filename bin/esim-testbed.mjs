#!/usr/bin/env node
// What npm links as the command: it is there, and may be executed, before anything is built.
import { existsSync } from 'node:fs'

const built = new URL('../dist/bin/esim-testbed.js', import.meta.url)
if (existsSync(built)) await import(built.href)
else {
  process.stderr.write('esim-testbed: nothing is built yet. `npm run build` does it.\n')
  process.exitCode = 2
}
