/** An SM-DP+ with a client and an eUICC of the test's own, made of nothing but the protocol's cryptography. */
import { createHash } from 'node:crypto'
import { makePki, type Pki } from '../../../certs/index.ts'
import {
  capture,
  concatOctets,
  decode,
  encode,
  fromHex,
  type Schema,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import {
  type Curve,
  deriveEuiccIdentity,
  type PrivateKey,
  privateKeyFromSeed,
  readCertificate,
  sign,
} from '../../../protocol/crypto/index.ts'
import {
  AuthenticateServerResponse,
  CancelSessionResponse,
  EUICCInfo1,
  type EUICCInfo2,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  EuiccSigned1,
  PendingNotification,
  PrepareDownloadResponse,
  ProfileInstallationResultData,
  ServerSigned1,
  Signature,
} from '../../../protocol/sgp22/index.ts'
import type { HttpAnswer } from '../../ports/index.ts'
import { createSmdp, type OrderRequest, type Smdp, type SmdpOptions } from '../index.ts'

const seed = new TextEncoder().encode('smdp.test')
export const NOW = Date.UTC(2026, 10, 22, 12)
export const ADDRESS = 'smdp.example.com:8444'
export const EID = '89049032123451234512345678901235'

export const pki: Pki = await makePki({ seed, now: NOW })
export const foreignPki: Pki = await makePki({ seed: new TextEncoder().encode('another'), now: NOW })

export const keyIdOf = (certificate: Uint8Array): Uint8Array =>
  readCertificate(certificate).subjectKeyIdentifier ?? new Uint8Array()

export const ciKeyIds = { nist: keyIdOf(pki.nist.ci.certificate), brainpool: keyIdOf(pki.brainpool.ci.certificate) }

/** Octets that look random and are the same in each run. */
export function countingRandom(): { octets(length: number): Uint8Array } {
  let count = 0
  return {
    octets(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
        createHash('sha256').update(`random ${count++}`).digest(),
      )
      return concatOctets(...blocks).slice(0, length)
    },
  }
}

export interface World {
  readonly smdp: Smdp
  readonly clock: { now(): number; advance(ms: number): void }
  send(path: string, body: Uint8Array, headers?: Record<string, string>): Promise<HttpAnswer>
}

export function createWorld(options: Partial<SmdpOptions> = {}): World {
  let now = NOW
  const clock = {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
  }
  const smdp = createSmdp({
    identities: [pki.nist, pki.brainpool],
    address: ADDRESS,
    clock,
    random: countingRandom(),
    ...options,
  })
  const send: World['send'] = (path, body, headers = {}) => smdp.handle({ method: 'POST', path, headers, body })
  return { smdp, clock, send }
}

export interface Json {
  readonly header: {
    readonly functionExecutionStatus: {
      readonly status: string
      readonly statusCodeData?: { readonly subjectCode: string; readonly reasonCode: string; readonly message: string }
    }
  }
  readonly [member: string]: unknown
}

/** The JSON binding. */
export async function call({ send }: Pick<World, 'send'>, name: string, request: unknown): Promise<Json> {
  const answer = await send(`/gsma/rsp2/es9plus/${name}`, new TextEncoder().encode(JSON.stringify(request)))
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
  return JSON.parse(new TextDecoder().decode(answer.body))
}

/** `8.2.6/3.8 matching-id-known`, or `ok`. */
export function outcome({ header }: Json): string {
  const { status, statusCodeData: data } = header.functionExecutionStatus
  if (!data) return status === 'Executed-Success' ? 'ok' : status
  return `${data.subjectCode}/${data.reasonCode} ${/\((.*)\)$/.exec(data.message)?.[1]}`
}

export const fromBase64 = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text), 'base64'))
export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64')
export const der = <T>(schema: Schema<T>, value: T): string => base64(encode(schema, value))
export const read = <S extends Schema<unknown>>(schema: S, text: unknown): ValueOf<S> =>
  decode(schema as Schema<unknown>, fromBase64(text)) as ValueOf<S>

/** What a client does differently from the good one. */
export interface Plan {
  readonly curve?: Curve
  readonly eid?: string
  readonly order?: OrderRequest
  readonly smdpAddress?: string
  readonly svn?: string
  readonly signing?: readonly Uint8Array[]
  readonly verification?: readonly Uint8Array[]
  readonly matchingId?: string
  readonly eumCertificate?: Uint8Array
  readonly euiccCertificate?: Uint8Array
  readonly info2?: Partial<EUICCInfo2>
  readonly signed1?: Partial<EuiccSigned1>
  readonly signed2?: Partial<EUICCSigned2>
  /** Of what the eUICC signs: someone else's. */
  readonly signatureKey?: PrivateKey
  readonly transactionId?: string
  readonly euiccError?: true
  readonly confirmationCode?: string
  readonly otpkSeed?: string
  readonly cancelled?: Partial<EuiccCancelSessionSigned>
  /** Just before the function under test. */
  readonly before?: (world: World, iccid: string) => unknown
}

export const euiccOf = ({ curve = 'nist', eid = EID }: Plan) => deriveEuiccIdentity({ eum: pki[curve].eum, eid, seed })

export const otskOf = ({ curve = 'nist', otpkSeed = 'otSK.EUICC' }: Plan): PrivateKey =>
  privateKeyFromSeed(curve, seed, otpkSeed)

const keyOf = (plan: Plan): PrivateKey => plan.signatureKey ?? euiccOf(plan).privateKey

const euiccInfo2 = ({ curve = 'nist', info2 }: Plan): EUICCInfo2 => ({
  profileVersion: '2.3.1',
  svn: '2.2.2',
  euiccFirmwareVer: '1.0.0',
  extCardResource: fromHex('810100 820400080000 83022222'),
  uiccCapability: ['usimSupport', 'isimSupport', 'akaMilenage'],
  rspCapability: ['additionalProfile'],
  euiccCiPKIdListForVerification: [ciKeyIds[curve]],
  euiccCiPKIdListForSigning: [ciKeyIds[curve]],
  ppVersion: '0.0.1',
  sasAcreditationNumber: 'TEST',
  ...info2,
})

export function initiateRequest({ curve = 'nist', ...plan }: Plan) {
  const own = [ciKeyIds[curve]]
  return {
    euiccChallenge: base64(new Uint8Array(16).fill(1)),
    smdpAddress: plan.smdpAddress ?? ADDRESS,
    euiccInfo1: der(EUICCInfo1, {
      svn: plan.svn ?? '2.2.2',
      euiccCiPKIdListForVerification: plan.verification ?? own,
      euiccCiPKIdListForSigning: plan.signing ?? own,
    }),
  }
}

export interface Initiated {
  readonly transactionId: string
  readonly serverSigned1: ServerSigned1
}

export const initiated = (answer: Json): Initiated => ({
  transactionId: String(answer.transactionId),
  serverSigned1: read(ServerSigned1, answer.serverSigned1),
})

export function authenticateRequest(plan: Plan, { transactionId, serverSigned1 }: Initiated, matchingId: string) {
  const { serverAddress, serverChallenge } = serverSigned1
  const deviceInfo = { tac: fromHex('35290611'), deviceCapabilities: {} }
  const signed1: EuiccSigned1 = {
    transactionId,
    serverAddress,
    serverChallenge,
    euiccInfo2: euiccInfo2(plan),
    ctxParams1: {
      kind: 'ctxParamsForCommonAuthentication',
      value: { matchingId: plan.matchingId ?? matchingId, deviceInfo },
    },
    ...plan.signed1,
  }
  const euiccSigned1 = capture(EuiccSigned1, signed1)
  const response: AuthenticateServerResponse = plan.euiccError
    ? { kind: 'authenticateResponseError', value: { transactionId, authenticateErrorCode: 'invalidSignature' } }
    : {
        kind: 'authenticateResponseOk',
        value: {
          euiccSigned1,
          euiccSignature1: sign(keyOf(plan), [euiccSigned1.octets]),
          euiccCertificate: plan.euiccCertificate ?? euiccOf(plan).certificate,
          eumCertificate: plan.eumCertificate ?? pki[plan.curve ?? 'nist'].eum.certificate,
        },
      }
  return {
    transactionId: plan.transactionId ?? transactionId,
    authenticateServerResponse: der(AuthenticateServerResponse, response),
  }
}

export const hashCc = (confirmationCode: string, transactionId: string): Uint8Array => {
  const inner = createHash('sha256').update(confirmationCode).digest()
  return createHash('sha256').update(inner).update(fromHex(transactionId)).digest()
}

export function packageRequest(plan: Plan, authenticated: Json) {
  const transactionId = String(authenticated.transactionId)
  const euiccSigned2 = capture(EUICCSigned2, {
    transactionId,
    euiccOtpk: otskOf(plan).publicKey.point,
    ...(plan.confirmationCode !== undefined && { hashCc: hashCc(plan.confirmationCode, transactionId) }),
    ...plan.signed2,
  })
  const smdpSignature2 = fromBase64(authenticated.smdpSignature2)
  const response: PrepareDownloadResponse = plan.euiccError
    ? { kind: 'downloadResponseError', value: { transactionId, downloadErrorCode: 'invalidSignature' } }
    : {
        kind: 'downloadResponseOk',
        value: { euiccSigned2, euiccSignature2: sign(keyOf(plan), [euiccSigned2.octets, smdpSignature2]) },
      }
  return {
    transactionId: plan.transactionId ?? transactionId,
    prepareDownloadResponse: der(PrepareDownloadResponse, response),
  }
}

export function cancelRequest(plan: Plan, transactionId: string) {
  const cancelled: EuiccCancelSessionSigned = {
    transactionId,
    smdpOid: '2.999.10',
    reason: 'endUserRejection',
    ...plan.cancelled,
  }
  const signed = capture(EuiccCancelSessionSigned, cancelled)
  const response: CancelSessionResponse = plan.euiccError
    ? { kind: 'cancelSessionResponseError', value: 'undefinedError' }
    : {
        kind: 'cancelSessionResponseOk',
        value: {
          euiccCancelSessionSigned: signed,
          euiccCancelSessionSignature: sign(keyOf(plan), [signed.octets]),
        },
      }
  return {
    transactionId: plan.transactionId ?? transactionId,
    cancelSessionResponse: der(CancelSessionResponse, response),
  }
}

export type FinalResult = ProfileInstallationResultData['finalResult']
export const INSTALLED: FinalResult = {
  kind: 'successResult',
  value: { aid: fromHex('a0000005591010ffffffff8900001100'), simaResponse: fromHex('3007a0053003800100') },
}

export function installationResult(plan: Plan, about: { transactionId: string; iccid: string; result?: FinalResult }) {
  const data = capture(ProfileInstallationResultData, {
    transactionId: about.transactionId,
    notificationMetadata: {
      seqNumber: 1,
      profileManagementOperation: ['notificationInstall'],
      notificationAddress: ADDRESS,
      iccid: about.iccid,
    },
    smdpOid: '2.999.10',
    finalResult: about.result ?? INSTALLED,
  })
  return {
    pendingNotification: der(PendingNotification, {
      kind: 'profileInstallationResult',
      value: { profileInstallationResultData: data, euiccSignPIR: sign(keyOf(plan), [data.octets]) },
    }),
  }
}

export async function notify({ send }: Pick<World, 'send'>, notification: unknown): Promise<HttpAnswer> {
  return send('/gsma/rsp2/es9plus/handleNotification', new TextEncoder().encode(JSON.stringify(notification)))
}

export const signatureOf = (text: unknown): Uint8Array => read(Signature, text)
