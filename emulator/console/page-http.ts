import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'

/** The page as `npm run build` makes it, also when the sources of the rest run unbuilt. */
const built = import.meta.url.endsWith('.ts') ? '../../dist/emulator/console/page' : './page'
const page = fileURLToPath(new URL(built, import.meta.url))

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Serves the page at `/`. */
export function mountConsole(app: Express): void {
  app.use(express.static(page, { setHeaders: (response) => response.set(headers) }))
}
