/** Tokens that must be refused: each is right but for one thing. */
import { createPublicKey } from 'node:crypto'
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'

interface Material {
  /** A token that the target accepts. */
  readonly valid: string
  readonly nowSeconds: number
  /** A key that the issuer publishes, where it publishes any. */
  readonly publishedKey?: JWK
  readonly signingKey?: JWK
}

/** `needsKey`: can only be made with the issuer's own key, or the signature would be wrong too. */
interface Forgery {
  readonly needsKey: boolean
  readonly make: (material: Material) => string | Promise<string>
}

const signed = (change: (payload: JWTPayload, nowSeconds: number) => JWTPayload): Forgery => ({
  needsKey: true,
  make: async ({ valid, nowSeconds, signingKey }) => {
    if (signingKey === undefined) throw new Error('forging this token needs the signing key of the issuer')
    const header = headerOf(valid)
    return sign(change(claimsOf(valid), nowSeconds), header, await importJWK(signingKey, header.alg))
  },
})

export const forgeries = {
  malformed: { needsKey: false, make: () => 'this.is-not.a-token' },
  'signed by an unknown key': { needsKey: false, make: ({ valid }) => signedByStranger(valid, () => ({})) },
  'naming an unknown key': {
    needsKey: false,
    make: ({ valid }) => signedByStranger(valid, () => ({ kid: 'unknown' })),
  },
  'bringing its own key': { needsKey: false, make: ({ valid }) => signedByStranger(valid, (jwk) => ({ jwk })) },
  'signed with the public key as a secret': { needsKey: false, make: signedWithPublicKey },
  unsigned: {
    needsKey: false,
    make: ({ valid }) => `${encode({ ...headerOf(valid), alg: 'none' })}.${encode(claimsOf(valid))}.`,
  },
  'changed after signing': {
    needsKey: false,
    make: ({ valid }) => {
      const [header, , signature] = parts(valid)
      return `${header}.${encode({ ...claimsOf(valid), sub: 'somebody-else', client_id: 'somebody-else' })}.${signature}`
    },
  },
  'not valid yet': signed((payload, now) => ({ ...payload, nbf: now + 3600, exp: now + 7200 })),
  expired: signed((payload, now) => ({ ...payload, iat: now - 7200, nbf: now - 7200, exp: now - 3600 })),
  'for another audience': signed((payload) => ({ ...payload, aud: 'https://another-api.example' })),
  'of another issuer': signed((payload) => ({ ...payload, iss: 'https://another-issuer.example' })),
} as const satisfies Record<string, Forgery>

export type ForgedToken = keyof typeof forgeries

export const forge = async (kind: ForgedToken, material: Material): Promise<string> => forgeries[kind].make(material)

const parts = (token: string): readonly string[] => token.split('.')
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An opaque token gives no pattern: then a plain one is forged. */
const isJwt = (token: string): boolean => parts(token).length === 3
const claimsOf = (token: string): JWTPayload => (isJwt(token) ? decodeJwt(token) : { sub: 'somebody-else' })
const headerOf = (token: string): JWTHeaderParameters => {
  const { alg = 'ES256', ...rest } = isJwt(token) ? decodeProtectedHeader(token) : { typ: 'JWT' }
  return { ...rest, alg }
}

const sign = (payload: JWTPayload, header: JWTHeaderParameters, key: Parameters<SignJWT['sign']>[0]): Promise<string> =>
  new SignJWT(payload).setProtectedHeader(header).sign(key)

async function signedByStranger(valid: string, more: (publicKey: JWK) => object): Promise<string> {
  const header = headerOf(valid)
  const { privateKey, publicKey } = await generateKeyPair(header.alg)
  return sign(claimsOf(valid), { ...header, ...more(await exportJWK(publicKey)) }, privateKey)
}

/** RFC 8725, 2.1: whoever lets the token choose the algorithm takes the public key, in PEM, for a shared secret. */
async function signedWithPublicKey({ valid, publishedKey }: Material): Promise<string> {
  const header = headerOf(valid)
  const key = publishedKey ?? (await exportJWK((await generateKeyPair(header.alg, { extractable: true })).publicKey))
  const secret = createPublicKey({ key: { ...key }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  return sign(claimsOf(valid), { ...header, alg: 'HS256' }, Buffer.from(secret))
}
