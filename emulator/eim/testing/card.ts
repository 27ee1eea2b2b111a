/** An eUICC on paper: it executes nothing and signs whatever a test wants it to have said. */
import { type Captured, capture } from '../../../protocol/ber/index.ts'
import { deriveEuiccIdentity, type Identity, type PrivateKey, sign } from '../../../protocol/crypto/index.ts'
import { NotificationMetadata, ProfileInstallationResultData } from '../../../protocol/sgp22/index.ts'
import {
  EuiccPackageErrorDataSigned,
  type EuiccPackageRequest,
  type EuiccPackageResult,
  EuiccPackageResultDataSigned,
  type EuiccResultData,
  type PendingNotification,
  type ProfileInfo,
} from '../../../protocol/sgp32/index.ts'
import { associationTokenObject } from '../delivery.ts'

export interface PaperCardOptions {
  readonly eid: string
  readonly eum: Identity
  readonly associationToken?: number
}

interface Said {
  readonly eimId: string
  readonly counterValue: number
  readonly eimTransactionId?: string
}

export type PaperCard = ReturnType<typeof createPaperCard>

export function createPaperCard({ eid, eum, associationToken }: PaperCardOptions) {
  const { certificate, privateKey } = deriveEuiccIdentity({ eum, eid, seed: new TextEncoder().encode('paper') })
  const token = associationTokenObject(associationToken)
  let sequenceNumber = 0
  const nextSequenceNumber = () => ++sequenceNumber

  /** What a result repeats of its request. */
  const repeated = ({ euiccPackageSigned }: EuiccPackageRequest): Said => {
    const { eimId, counterValue, eimTransactionId } = euiccPackageSigned.value
    return { eimId, counterValue, ...(eimTransactionId !== undefined && { eimTransactionId }) }
  }

  return {
    eid,
    certificates: { euiccCertificate: certificate, eumCertificate: eum.certificate },
    privateKey,
    nextSequenceNumber,

    result(
      request: EuiccPackageRequest,
      euiccResult: readonly EuiccResultData[],
      change: Partial<EuiccPackageResultDataSigned> = {},
      key: PrivateKey = privateKey,
    ): EuiccPackageResult {
      const seqNumber = change.seqNumber ?? nextSequenceNumber()
      const data = capture(EuiccPackageResultDataSigned, { ...repeated(request), seqNumber, euiccResult, ...change })
      const euiccSignEPR = sign(key, [data.octets, token])
      return { kind: 'euiccPackageResultSigned', value: { euiccPackageResultDataSigned: data, euiccSignEPR } }
    },

    error(
      request: EuiccPackageRequest,
      euiccPackageErrorCode: EuiccPackageErrorDataSigned['euiccPackageErrorCode'],
      key: PrivateKey = privateKey,
    ): EuiccPackageResult {
      const data = capture(EuiccPackageErrorDataSigned, { ...repeated(request), euiccPackageErrorCode })
      const euiccSignEPE = sign(key, [data.octets, token])
      return { kind: 'euiccPackageErrorSigned', value: { euiccPackageErrorDataSigned: data, euiccSignEPE } }
    },

    unsigned(request: EuiccPackageRequest): EuiccPackageResult {
      const { counterValue: _, ...said } = repeated(request)
      return { kind: 'euiccPackageErrorUnsigned', value: said }
    },

    installation(
      finalResult: ProfileInstallationResultData['finalResult'],
      { iccid, seqNumber = nextSequenceNumber(), key = privateKey }: InstallationChange = {},
    ) {
      const profileInstallationResultData = capture(ProfileInstallationResultData, {
        transactionId: '00112233',
        notificationMetadata: metadata('notificationInstall', seqNumber, iccid),
        smdpOid: '2.999.10',
        finalResult,
      })
      return { profileInstallationResultData, euiccSignPIR: sign(key, [profileInstallationResultData.octets]) }
    },

    notification(
      event: NotificationMetadata['profileManagementOperation'][number],
      iccid: string,
      { seqNumber = nextSequenceNumber(), key = privateKey }: Omit<InstallationChange, 'iccid'> = {},
    ): PendingNotification {
      const tbsOtherNotification: Captured<NotificationMetadata> = capture(
        NotificationMetadata,
        metadata(event, seqNumber, iccid),
      )
      return {
        kind: 'otherSignedNotification',
        value: {
          tbsOtherNotification,
          euiccNotificationSignature: sign(key, [tbsOtherNotification.octets]),
          euiccCertificate: certificate,
          eumCertificate: eum.certificate,
        },
      }
    },
  }
}

interface InstallationChange {
  readonly iccid?: string
  readonly seqNumber?: number
  readonly key?: PrivateKey
}

const metadata = (
  event: NotificationMetadata['profileManagementOperation'][number],
  seqNumber: number,
  iccid: string | undefined,
): NotificationMetadata => ({
  seqNumber,
  profileManagementOperation: [event],
  notificationAddress: 'smdp.example.com',
  ...(iccid !== undefined && { iccid }),
})

export const isdpAid = Uint8Array.from(Buffer.from('a0000005591010ffffffff8900001000', 'hex'))

export const installed: ProfileInstallationResultData['finalResult'] = {
  kind: 'successResult',
  value: { aid: isdpAid, simaResponse: Uint8Array.from(Buffer.from('3007a0053003800100', 'hex')) },
}

export const listed = (...profiles: Partial<ProfileInfo>[]): EuiccResultData => ({
  kind: 'listProfileInfoResult',
  value: { kind: 'profileInfoListOk', value: profiles.map((one) => ({ fallbackAttribute: false, ...one })) },
})
