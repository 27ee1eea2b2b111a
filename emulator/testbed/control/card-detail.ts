/** Everything that stands in a card at one moment, for somebody who looks at it. Octets in hexadecimal. */
import { toHex } from '../../../protocol/ber/index.ts'
import { type Certificate, readCertificate } from '../../../protocol/crypto/index.ts'
import { contentOf, type EuiccState, profilesOf, toFileSystem } from '../../euicc/index.ts'

export type CardDetail = ReturnType<typeof cardDetail>

type Memory = EuiccState['memory']

/** Of the state after the event with this sequence. */
export const cardDetail = (state: EuiccState) => ({
  eid: state.eid,
  sequence: state.sequence,
  profiles: profilesOf(state).map((view, i) => ({ ...view, ...moreOf(state.memory.profiles[i]) })),
  eims: state.memory.eims.map(eimOf),
  notifications: state.memory.notifications.map(({ metadata }) => metadata),
  packageResults: state.memory.packageResults.map(resultOf),
  memory: memoryOf(state),
  addresses: addressesOf(state),
  information: informationOf(state),
  certificates: certificatesOf(state),
  files: filesOf(state.memory),
  ...waitingOf(state),
})

function moreOf(profile: Memory['profiles'][number] | undefined) {
  if (!profile) return {}
  const { nickname, metadata, size, ciPkId } = profile
  return {
    ...(nickname !== undefined && { nickname }),
    policyRules: metadata.profilePolicyRules ?? [],
    ecallIndication: metadata.ecallIndication ?? false,
    size,
    ciPkId: toHex(ciPkId),
  }
}

function eimOf({ configuration, counterValue }: Memory['eims'][number]) {
  const { eimId, eimFqdn, eimIdType, associationToken, eimSupportedProtocol } = configuration
  return {
    eimId,
    counterValue,
    ...(eimFqdn !== undefined && { eimFqdn }),
    ...(eimIdType !== undefined && { eimIdType }),
    ...(associationToken !== undefined && { associationToken }),
    ...(eimSupportedProtocol && { eimSupportedProtocol }),
  }
}

function resultOf({ seqNumber, result: { kind, value } }: Memory['packageResults'][number]) {
  const signed =
    'euiccPackageResultDataSigned' in value
      ? value.euiccPackageResultDataSigned.value
      : 'euiccPackageErrorDataSigned' in value
        ? value.euiccPackageErrorDataSigned.value
        : value
  return {
    seqNumber,
    kind,
    eimId: signed.eimId,
    ...('counterValue' in signed && { counterValue: signed.counterValue }),
  }
}

function memoryOf({ memory, product }: EuiccState) {
  const total = product.limits.nonVolatileMemory
  return { total, free: memory.profiles.reduce((free, { size }) => free - size, total) }
}

const addressesOf = ({ memory, product }: EuiccState) => ({
  rootDsAddress: product.rootDsAddress,
  ...(memory.defaultDpAddress !== undefined && { defaultDpAddress: memory.defaultDpAddress }),
})

const informationOf = ({ product: { capabilities, personality } }: EuiccState) => ({
  personality,
  svn: capabilities.svn,
  profileVersion: capabilities.profileVersion,
  euiccFirmwareVer: capabilities.euiccFirmwareVer,
})

/** What waits: a rollback that is still possible, a switch until the terminal has answered REFRESH, an immediate enabling. */
const waitingOf = ({ memory, volatile }: EuiccState) => ({
  immediateEnable: memory.immediateEnable.allowed,
  ...(memory.rollback && { rollbackTo: memory.rollback.iccid }),
  ...(volatile.refresh && { refreshFor: volatile.refresh.switch.cause }),
})

function certificatesOf({ eid, product: { credentials, trustedCis } }: EuiccState) {
  const own = credentials.ciPkIds.flatMap((ciPkId) => {
    const { euiccCertificate, eumCertificate } = credentials.of(eid, ciPkId)
    return [
      certificateOf('EUICC', readCertificate(euiccCertificate)),
      certificateOf('EUM', readCertificate(eumCertificate)),
    ]
  })
  return [...own, ...trustedCis.map((ci) => certificateOf('CI', ci))]
}

const certificateOf = (role: 'EUICC' | 'EUM' | 'CI', certificate: Certificate) => ({
  role,
  subject: certificate.subject.commonName ?? '',
  issuer: certificate.issuer.commonName ?? '',
  serialNumber: certificate.serialNumberHex,
  notBefore: instant(certificate.notBefore),
  notAfter: instant(certificate.notAfter),
  curve: certificate.publicKey?.curve ?? 'unknown',
  octets: toHex(certificate.octets),
})

const instant = (ms: number): string => (Number.isNaN(ms) ? '' : new Date(ms).toISOString())

function filesOf({ profiles, enabled }: Memory) {
  const files = profiles.find(({ iccid }) => iccid === enabled)?.files ?? []
  return Object.entries(toFileSystem(files)).map(([path, file]) => ({
    path,
    kind: file.kind,
    ...('content' in file && { content: toHex(contentOf(file)) }),
    ...('recordSize' in file && { recordSize: file.recordSize }),
  }))
}
