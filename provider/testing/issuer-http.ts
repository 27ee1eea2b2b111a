/** An issuer whose keys the test holds, so that it can make every wrong token. */
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { closeServer, listen } from '../http/http.ts'

export const startIssuer = async () => {
  const pairs = {
    ES256: await generateKeyPair('ES256'),
    RS256: await generateKeyPair('RS256'),
    EdDSA: await generateKeyPair('EdDSA'),
  }
  const keys = await Promise.all(
    Object.entries(pairs).map(async ([alg, { publicKey }]) => ({ ...(await exportJWK(publicKey)), alg, kid: alg })),
  )
  /** Mutable: what a test has set. */
  const set = { failing: undefined as string | undefined, named: undefined as string | undefined }
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    if (set.failing === path) return response.writeHead(500).end()
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: set.named ?? url, jwks_uri: `${url}/jwks` },
      '/jwks': { keys },
    }
    return response.end(JSON.stringify(answers[path] ?? {}))
  })
  const url = await listen(server, { host: '127.0.0.1', port: 0 })
  return {
    url,
    keys,
    set,
    asked,
    sign: (claims: JWTPayload, alg: keyof typeof pairs = 'ES256', header: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid: alg, ...header }).sign(pairs[alg].privateKey),
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}
