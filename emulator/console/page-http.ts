import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'

const page = fileURLToPath(new URL('./page', import.meta.url))

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Serves the page at `/`. */
export function mountConsole(app: Express): void {
  app.use(express.static(page, { setHeaders: (response) => response.set(headers) }))
}
