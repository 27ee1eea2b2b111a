/** What signatures of a download session cover besides the message that they stand in: SGP.22 v2.5, 5.7.5 and 5.5.1. Found in what the card was sent and answered. */
import { type AnySchema, DecodeError, decode, fromHex, type ValueOf } from '../../../protocol/ber/index.ts'
import {
  AuthenticateServerResponse,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
} from '../../../protocol/sgp22/index.ts'
import type { TraceLog } from '../../trace/index.ts'

/** Oldest first: PrepareDownload may come twice in a session. */
export interface SessionParts {
  readonly euiccSignature1: readonly Uint8Array[]
  readonly smdpSignature2: readonly Uint8Array[]
  readonly smdpCertificate: readonly Uint8Array[]
  readonly euiccOtpk: readonly Uint8Array[]
}

export type FindSession = (transactionId: string) => SessionParts

type Part = readonly [transactionId: string, name: keyof SessionParts, octets: Uint8Array]

const row =
  <S extends AnySchema>(schema: S, partsOf: (value: ValueOf<S>) => readonly Part[]) =>
  (octets: Uint8Array) => {
    try {
      return partsOf(decode(schema as never, octets, { rules: 'BER' }) as ValueOf<S>)
    } catch (error) {
      if (error instanceof DecodeError) return []
      throw error
    }
  }

/** By the name of the function and who sent it. */
const rows: Readonly<Record<string, (octets: Uint8Array) => readonly Part[]>> = {
  'AuthenticateServer eUICC': row(AuthenticateServerResponse, ({ kind, value }) =>
    kind === 'authenticateResponseOk'
      ? [[value.euiccSigned1.value.transactionId, 'euiccSignature1', value.euiccSignature1]]
      : [],
  ),
  'PrepareDownload IPA': row(PrepareDownloadRequest, ({ smdpSigned2, smdpSignature2, smdpCertificate }) => [
    [smdpSigned2.value.transactionId, 'smdpSignature2', smdpSignature2],
    [smdpSigned2.value.transactionId, 'smdpCertificate', smdpCertificate],
  ]),
  'PrepareDownload eUICC': row(PrepareDownloadResponse, ({ kind, value }) =>
    kind === 'downloadResponseOk'
      ? [[value.euiccSigned2.value.transactionId, 'euiccOtpk', value.euiccSigned2.value.euiccOtpk]]
      : [],
  ),
}

/** Looks through the trace with the first call only. */
export function sessionsIn(trace: TraceLog, eid: string): FindSession {
  let parts: readonly Part[] | undefined
  return (transactionId) => {
    parts ??= trace
      .read({ eid })
      .messages.flatMap(({ operation, from, octets }) => rows[`${operation} ${from}`]?.(fromHex(octets ?? '')) ?? [])
    const all = (name: keyof SessionParts) =>
      (parts ?? []).filter(([id, own]) => id === transactionId && own === name).map(([, , octets]) => octets)
    return {
      euiccSignature1: all('euiccSignature1'),
      smdpSignature2: all('smdpSignature2'),
      smdpCertificate: all('smdpCertificate'),
      euiccOtpk: all('euiccOtpk'),
    }
  }
}
