/** OpenID Connect Discovery 1.0, section 4: the issuer's configuration. */

/** Thrown when the issuer does not answer with a configuration of its own: ask again later. */
export class IssuerUnavailable extends Error {}

const timeoutMs = 5000

export const discoverJwksUri = async (issuer: string): Promise<URL> => {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
    const configuration: unknown = await answer.json()
    if (!isConfiguration(configuration)) throw new Error('no issuer and jwks_uri in it')
    if (configuration.issuer !== issuer) throw new Error(`it names ${configuration.issuer} as the issuer`)
    return new URL(configuration.jwks_uri)
  } catch (cause) {
    throw new IssuerUnavailable(`${address} gives no configuration`, { cause })
  }
}

const isConfiguration = (value: unknown): value is { issuer: string; jwks_uri: string } =>
  typeof value === 'object' &&
  value !== null &&
  'issuer' in value &&
  typeof value.issuer === 'string' &&
  'jwks_uri' in value &&
  typeof value.jwks_uri === 'string'
