import { fromBER } from 'asn1js'
import { capture, decode, encode, type Schema } from '../protocol/ber/index.ts'
import {
  AuthenticateServerResponse,
  EuiccPackageRequest,
  EuiccPackageSigned,
  EuiccSigned1,
} from '../protocol/sgp32/index.ts'
import type { Benchmark } from './measure.ts'

/** The codec against asn1js, which reads octets to a tree without names, types or ranges. */

const filled = (octet: number, length: number) => new Uint8Array(length).fill(octet)

/** As long as a certificate of SGP.26; the codec does not look inside. */
const certificate = Uint8Array.of(0x30, 0x82, 0x01, 0xf4, 0x04, 0x82, 0x01, 0xf0, ...filled(0x42, 496))

const euiccPackageSigned = {
  eimId: 'eim.example.com',
  eidValue: '89049032123451234512345678901235',
  counterValue: 4711,
  eimTransactionId: '00112233445566778899AABBCCDDEEFF',
  euiccPackage: {
    kind: 'psmoList',
    value: [
      { kind: 'disable', value: { iccid: '8944058925001234567' } },
      { kind: 'enable', value: { iccid: '8944058925001234575', rollbackFlag: true } },
      { kind: 'delete', value: { iccid: '8944058925001234567' } },
    ],
  },
} as const

const euiccPackageRequest = encode(EuiccPackageRequest, {
  euiccPackageSigned: capture(EuiccPackageSigned, euiccPackageSigned),
  eimSignature: filled(0x51, 64),
})

const euiccSigned1 = capture(EuiccSigned1, {
  transactionId: '00112233445566778899AABBCCDDEEFF',
  serverAddress: 'smdp.example.com',
  serverChallenge: filled(0xc2, 16),
  euiccInfo2: {
    profileVersion: '2.3.1',
    svn: '2.5.0',
    euiccFirmwareVer: '1.0.0',
    extCardResource: filled(0x81, 15),
    uiccCapability: ['usimSupport', 'akaMilenage', 'javacard'],
    rspCapability: ['additionalProfile', 'testProfileSupport'],
    euiccCiPKIdListForVerification: [filled(1, 20), filled(2, 20)],
    euiccCiPKIdListForSigning: [filled(1, 20), filled(2, 20)],
    ppVersion: '1.0.0',
    sasAcreditationNumber: 'GS-XX-UP-0000',
    ipaMode: 'ipad',
    iotSpecificInfo: { iotVersion: ['1.2.0'], fallbackSupported: true },
  },
  ctxParams1: {
    kind: 'ctxParamsForCommonAuthentication',
    value: {
      matchingId: 'ABCD-1234',
      deviceInfo: { tac: filled(0x35, 4), deviceCapabilities: { eutranEpcSupportedRelease: '15.0.0' } },
    },
  },
})

const authenticateServerResponse = encode(AuthenticateServerResponse, {
  kind: 'authenticateResponseOk',
  value: {
    euiccSigned1,
    euiccSignature1: filled(0x21, 64),
    euiccCertificate: certificate,
    eumCertificate: certificate,
  },
})

/** There and back: octets to a value, and that to octets again. */
const bothWays = <T>(name: string, schema: Schema<T>, octets: Uint8Array): Benchmark => ({
  name: `${name} read and written, ${octets.length} octets, beside asn1js`,
  ours: () => encode(schema, decode(schema, octets)),
  baseline: () => fromBER(octets).result.toBER(),
  goal: { kind: 'times as fast', atLeast: 50 },
})

const reading = <T>(name: string, schema: Schema<T>, octets: Uint8Array): Benchmark => ({
  name: `${name} read, beside asn1js`,
  ours: () => decode(schema, octets),
  baseline: () => fromBER(octets),
  goal: { kind: 'times as fast' },
})

function writing<T>(name: string, schema: Schema<T>, octets: Uint8Array): Benchmark {
  const value = decode(schema, octets)
  const { result } = fromBER(octets)
  return {
    name: `${name} written, beside asn1js`,
    ours: () => encode(schema, value),
    baseline: () => result.toBER(),
    goal: { kind: 'times as fast' },
  }
}

export const codecBenchmarks: readonly Benchmark[] = [
  bothWays('EuiccPackageRequest', EuiccPackageRequest, euiccPackageRequest),
  bothWays('AuthenticateServerResponse', AuthenticateServerResponse, authenticateServerResponse),
  reading('EuiccPackageRequest', EuiccPackageRequest, euiccPackageRequest),
  reading('AuthenticateServerResponse', AuthenticateServerResponse, authenticateServerResponse),
  writing('EuiccPackageSigned', EuiccPackageSigned, encode(EuiccPackageSigned, euiccPackageSigned)),
  writing('EuiccSigned1', EuiccSigned1, euiccSigned1.octets),
]
