/** A token by OpenID Connect Discovery and client credentials (RFC 6749, 4.4). Without an issuer, the provider's OpenAPI document names it. */
import { NoAnswer, type Send } from './exchange.ts'

export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
  /** The audience asked for (RFC 8707), where the issuer wants to be told. */
  readonly resource?: string
}

export type Token = (scopes: readonly string[]) => Promise<string>

const memberOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((at: unknown, name) => (Object(at) as Record<string, unknown>)[name], value)

const wellKnown = '/.well-known/openid-configuration'

/** The address of the issuer's configuration. */
export const configurationUrl = async (send: Send, base: string, issuer: string | undefined): Promise<string> => {
  if (issuer !== undefined) return `${issuer.replace(/\/$/, '')}${wellKnown}`
  const url = `${base}/openapi.json`
  const { json } = await send({ method: 'GET', url })
  const found = memberOf(json, 'components', 'securitySchemes', 'openId', 'openIdConnectUrl')
  if (typeof found === 'string') return found
  throw new NoAnswer(`${url} names no issuer; say it with --issuer.`)
}

export const createToken = (send: Send, configuration: string, client: Credentials): Token => {
  const tokens = new Map<string, Promise<string>>()
  const ask = async (scope: string): Promise<string> => {
    const endpoint = memberOf((await send({ method: 'GET', url: configuration })).json, 'token_endpoint')
    if (typeof endpoint !== 'string') throw new NoAnswer(`${configuration} names no token_endpoint.`)
    const { status, json } = await send({
      ...{ method: 'POST', url: endpoint, headers: { authorization: `Basic ${basicOf(client)}` } },
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', scope },
        ...(client.resource !== undefined && { resource: client.resource }),
      }),
    })
    const token = memberOf(json, 'access_token')
    if (typeof token === 'string') return token
    const why = memberOf(json, 'error_description') ?? memberOf(json, 'error') ?? 'no access_token'
    throw new NoAnswer(`No token for ${client.clientId} (${status}): ${String(why)}.`)
  }
  return (scopes) => {
    const scope = scopes.join(' ')
    const token = tokens.get(scope) ?? ask(scope)
    tokens.set(scope, token)
    return token
  }
}

/** RFC 6749, 2.3.1: both are form-encoded first. */
const basicOf = ({ clientId, clientSecret }: Credentials): string => {
  const form = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return Buffer.from(`${form(clientId)}:${form(clientSecret)}`).toString('base64')
}
