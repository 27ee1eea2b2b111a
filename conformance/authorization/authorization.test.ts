import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AuthorizationDouble, startAuthorization } from '../double/authorization.ts'
import { systemClock } from '../runner/clock-system.ts'
import { type Authorization, connectAuthorization } from './client-http.ts'
import { type ForgedToken, forge, forgeries } from './forge.ts'

let server: AuthorizationDouble
let authorization: Authorization
beforeAll(async () => {
  server = await startAuthorization()
  authorization = await connectAuthorization(server.options, systemClock)
})
afterAll(() => server.close())

test('a token has the scopes that were asked for, and its tenant', async () => {
  expect(await server.verify(await authorization.token(['one', 'two']))).toEqual({
    tenant: 'acme',
    scopes: ['one', 'two'],
  })
  expect(await server.verify(await authorization.token(['one'], 'other'))).toEqual({
    tenant: 'globex',
    scopes: ['one'],
  })
})

test('a token is asked for once', async () => {
  const tokens = await Promise.all([authorization.token(['a']), authorization.token(['a'])])
  expect(new Set(tokens).size).toBe(1)
})

test.each(Object.keys(forgeries) as ForgedToken[])('a token %s is not genuine', async (kind) => {
  expect(await server.verify(await authorization.forged(kind, ['one']))).toBeUndefined()
})

test.each([
  ['expired', 'exp'],
  ['for another audience', 'aud'],
  ['of another issuer', 'iss'],
] as const)('a token %s is wrong in this only', async (kind, claim) => {
  const valid = await authorization.token(['one'])
  const forged = await authorization.forged(kind, ['one'])
  expect(decodeProtectedHeader(forged)).toEqual(decodeProtectedHeader(valid))
  const { iat: _, nbf: __, [claim]: right, ...others } = decodeJwt(valid)
  expect(decodeJwt(forged)).toMatchObject(others)
  expect(decodeJwt(forged)[claim]).not.toEqual(right)
})

test('an opaque token has forgeries too', async () => {
  const material = { valid: 'opaque', nowSeconds: 0 }
  expect(decodeProtectedHeader(await forge('unsigned', material)).alg).toBe('none')
  expect((await forge('signed by an unknown key', material)).split('.')).toHaveLength(3)
})

test('an authorization server that refuses the client is named', async () => {
  const wrong = { ...server.options, client: { id: 'acme-app', secret: 'wrong' } }
  const refused = await connectAuthorization(wrong, systemClock)
  await expect(refused.token(['one'])).rejects.toThrow('no token for scope "one" (401')
})
