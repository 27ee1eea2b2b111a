/** Messages for the scripts of tests: of the right form, with signatures of zeros. What is really signed and checked is shown in test/. */
import { capture, concatOctets, encode, fromHex, integer, sequence, slice } from '../../../protocol/ber/index.ts'
import {
  AuthenticateServerResponse,
  BoundProfilePackage,
  CancelSessionResponse,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  InitialiseSecureChannelRequest,
  NotificationMetadata,
  PendingNotification,
  PrepareDownloadResponse,
  ProfileInstallationResult,
  ProfileInstallationResultData,
  ServerSigned1,
  SmdpSigned2,
  StoreMetadataRequest,
} from '../../../protocol/sgp22/index.ts'
import {
  type EUICCInfo2,
  EuiccPackageRequest,
  EuiccPackageResult,
  EuiccPackageResultDataSigned,
  EuiccPackageSigned,
  type EuiccResultData,
  EuiccSigned1,
  type Psmo,
} from '../../../protocol/sgp32/index.ts'

export const eid = '89049032123451234512345678901235'
export const eimId = 'eim.test'
export const transactionId = 'A1B2C3D4'
export const ciPKId = fromHex('F54172BDF98A95D65CBEB88A38A1C11D800A85C3')
export const signature = new Uint8Array(64)
export const certificate = fromHex('3003020101')
const octets16 = new Uint8Array(16)

export const euiccInfo2: EUICCInfo2 = {
  profileVersion: '2.3.1',
  svn: '2.5.0',
  euiccFirmwareVer: '1.0.0',
  extCardResource: fromHex('810100'),
  uiccCapability: ['usimSupport'],
  rspCapability: ['additionalProfile'],
  euiccCiPKIdListForVerification: [ciPKId],
  euiccCiPKIdListForSigning: [ciPKId],
  ppVersion: '1.0.0',
  sasAcreditationNumber: 'test',
}

export const eimPackage = (psmoList: readonly Psmo[], counterValue = 1): Uint8Array =>
  encode(EuiccPackageRequest, {
    euiccPackageSigned: capture(EuiccPackageSigned, {
      eimId,
      eidValue: eid,
      counterValue,
      eimTransactionId: `0${counterValue}`,
      euiccPackage: { kind: 'psmoList', value: psmoList },
    }),
    eimSignature: signature,
  })

export const packageResult = (seqNumber: number, euiccResult: readonly EuiccResultData[], of = eimId): Uint8Array =>
  encode(EuiccPackageResult, {
    kind: 'euiccPackageResultSigned',
    value: {
      euiccPackageResultDataSigned: capture(EuiccPackageResultDataSigned, {
        eimId: of,
        counterValue: 1,
        eimTransactionId: '01',
        seqNumber,
        euiccResult,
      }),
      euiccSignEPR: signature,
    },
  })

/** ProfileRollbackResponse of a rollback that was done. */
export const rolledBack = (seqNumber: number): Uint8Array =>
  encode(sequence(0xbf58, { cmdResult: integer(), eUICCPackageResult: slice() }), {
    cmdResult: 0,
    eUICCPackageResult: packageResult(seqNumber, [{ kind: 'rollbackResult', value: 'ok' }]),
  })

const metadata = (seqNumber: number, notificationAddress: string): NotificationMetadata => ({
  seqNumber,
  profileManagementOperation: ['notificationEnable'],
  notificationAddress,
})

export const otherNotification = (seqNumber: number, notificationAddress = 'smdp.test'): Uint8Array =>
  encode(PendingNotification, {
    kind: 'otherSignedNotification',
    value: {
      tbsOtherNotification: capture(NotificationMetadata, metadata(seqNumber, notificationAddress)),
      euiccNotificationSignature: signature,
      euiccCertificate: certificate,
      eumCertificate: certificate,
    },
  })

type FinalResult = ProfileInstallationResultData['finalResult']
const success: FinalResult = {
  kind: 'successResult',
  value: { aid: fromHex('A0000005591010FFFFFFFF8900001000'), simaResponse: fromHex('3007A0053003800100') },
}

export const installationResult = (seqNumber: number, finalResult: FinalResult = success): Uint8Array =>
  encode(ProfileInstallationResult, {
    profileInstallationResultData: capture(ProfileInstallationResultData, {
      transactionId,
      notificationMetadata: {
        ...metadata(seqNumber, 'smdp.test'),
        profileManagementOperation: ['notificationInstall'],
      },
      smdpOid: '1.3.6.1.4.1.31746',
      finalResult,
    }),
    euiccSignPIR: signature,
  })

export const serverSigned1 = (change: Partial<ServerSigned1> = {}): Uint8Array =>
  encode(ServerSigned1, {
    transactionId,
    euiccChallenge: octets16,
    serverAddress: 'smdp.test',
    serverChallenge: octets16,
    ...change,
  })

export const authenticated = encode(AuthenticateServerResponse, {
  kind: 'authenticateResponseOk',
  value: {
    euiccSigned1: capture(EuiccSigned1, {
      transactionId,
      serverAddress: 'smdp.test',
      serverChallenge: octets16,
      euiccInfo2,
      ctxParams1: {
        kind: 'ctxParamsForCommonAuthentication',
        value: { deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} } },
      },
    }),
    euiccSignature1: signature,
    euiccCertificate: certificate,
    eumCertificate: certificate,
  },
})

export const smdpSigned2 = (change: Partial<SmdpSigned2> = {}): Uint8Array =>
  encode(SmdpSigned2, { transactionId, ccRequiredFlag: false, ...change })

export const storeMetadata = (change: Partial<StoreMetadataRequest> = {}): Uint8Array =>
  encode(StoreMetadataRequest, {
    iccid: '89000000000000000018',
    serviceProviderName: 'Test',
    profileName: 'One',
    profileClass: 'operational',
    ...change,
  })

export const prepared = encode(PrepareDownloadResponse, {
  kind: 'downloadResponseOk',
  value: {
    euiccSigned2: capture(EUICCSigned2, { transactionId, euiccOtpk: new Uint8Array(65) }),
    euiccSignature2: signature,
  },
})

/** In six segments. */
export const boundProfilePackage = (metadataTlv = storeMetadata()): Uint8Array =>
  encode(BoundProfilePackage, {
    initialiseSecureChannelRequest: capture(InitialiseSecureChannelRequest, {
      remoteOpId: 'installBoundProfilePackage',
      transactionId,
      controlRefTemplate: { keyType: fromHex('88'), keyLen: fromHex('10'), hostId: fromHex('01') },
      smdpOtpk: new Uint8Array(65),
      smdpSign: signature,
    }),
    firstSequenceOf87: [fromHex('0102')],
    sequenceOf88: [concatOctets(metadataTlv, new Uint8Array(8))],
    sequenceOf86: [fromHex('0304')],
  })

export const sessionCancelled = encode(CancelSessionResponse, {
  kind: 'cancelSessionResponseOk',
  value: {
    euiccCancelSessionSigned: capture<EuiccCancelSessionSigned>(EuiccCancelSessionSigned, {
      transactionId,
      smdpOid: '1.3.6.1.4.1.31746',
      reason: 'undefinedReason',
    }),
    euiccCancelSessionSignature: signature,
  },
})
