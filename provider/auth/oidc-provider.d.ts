/** The part of oidc-provider that is used here; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    /** `silent`: what clients do wrong is not written to standard error. */
    readonly app: { silent: boolean }
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
  export const errors: { readonly InvalidTarget: new () => Error }
}
