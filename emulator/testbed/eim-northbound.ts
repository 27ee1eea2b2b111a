/** What the testbed asks of an eIM, through the same northbound REST as anybody else. */
import type { Sgp32Version } from '../../protocol/sgp32/index.ts'
import type { HttpHandler } from '../ports/index.ts'

interface EimPackage {
  readonly packageId: string
  readonly state: string
  readonly result?: {
    readonly kind: string
    readonly outcome?: string
    readonly results?: readonly { readonly result: string }[]
  }
}

interface Presented {
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
  /** Version of SGP.32. Absent: that of the eIM. */
  readonly specification?: Sgp32Version
}

export interface EimNorthbound {
  onboard(eid: string, presented: Presented): Promise<void>
  /** BF57 that associates this eIM with the card. */
  initialConfiguration(eid: string): Promise<Uint8Array>
  setAssociationToken(eid: string, associationToken: number): Promise<void>
  /** Where the IPA listens. */
  setInject(eid: string, inject: { readonly url: string; readonly binding: 'asn1' | 'json' }): Promise<void>
  queue(eid: string, order: unknown): Promise<string>
  package(packageId: string): Promise<EimPackage>
}

export function createEimNorthbound(handle: HttpHandler): EimNorthbound {
  const ask = async (method: string, path: string, body?: unknown): Promise<never> => {
    const answer = await handle({
      method,
      path: `/eim/v1${path}`,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body)),
    })
    const text = new TextDecoder().decode(answer.body)
    if (answer.status >= 300) throw new Error(`eIM: ${method} ${path} was answered with ${answer.status}: ${text}`)
    return (text ? JSON.parse(text) : undefined) as never
  }
  return {
    async onboard(eid, { euiccCertificate, eumCertificate, specification }) {
      await ask('PUT', `/euiccs/${eid}`, {
        euiccCertificate: base64(euiccCertificate),
        eumCertificate: base64(eumCertificate),
        specification,
      })
    },
    async initialConfiguration(eid) {
      const { addInitialEimRequest } = await ask('GET', `/euiccs/${eid}/initial-configuration`)
      return Buffer.from(addInitialEimRequest, 'base64')
    },
    async setInject(eid, inject) {
      await ask('PUT', `/euiccs/${eid}/inject`, inject)
    },
    async setAssociationToken(eid, associationToken) {
      await ask('PUT', `/euiccs/${eid}/association-token`, { associationToken })
    },
    async queue(eid, order) {
      const { packageId } = await ask('POST', `/euiccs/${eid}/packages`, order)
      return packageId
    },
    package: (packageId) => ask('GET', `/packages/${packageId}`),
  }
}

/** Why a package did not succeed; undefined when everything in it did. */
export function failureOf({ state, result }: EimPackage): string | undefined {
  const failed = result?.results?.some((row) => row.result !== 'ok' && row.result !== 'listed')
  const succeeded =
    state === 'done' && (result?.outcome === 'success' || (result?.kind === 'euiccPackageResult' && !failed))
  return succeeded ? undefined : JSON.stringify({ state, result })
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
