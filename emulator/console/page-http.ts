import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import type { Layer } from '../ports/index.ts'

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

const setHeaders = (response: ServerResponse) => void response.setHeaders(new Map(Object.entries(headers)))

/** Serves the page at `/`, and looks for no file where the API is. What express has for files needs nothing else of express, whatever its types say. */
export const consolePage = (api: string): Layer => {
  const files = express.static(page, { setHeaders }) as unknown as Layer
  return (request, response, next) => (request.url?.startsWith(`${api}/`) ? next() : files(request, response, next))
}
