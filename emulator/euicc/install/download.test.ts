import { expect, test } from 'vitest'
import { decode, toHex } from '../../../protocol/ber/index.ts'
import { readCertificate, verify } from '../../../protocol/crypto/index.ts'
import { ProfileInstallationResult } from '../../../protocol/sgp22/index.ts'
import { profilesOf } from '../euicc.ts'
import { credentials, EID, newCard } from '../testing/cards.ts'
import { ICCID, metadataOf } from '../testing/profiles.ts'
import { ciPkIdOf, download } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const resultOf = (answer: Uint8Array): ProfileInstallationResult => {
  expect(toHex(answer.subarray(-2))).toBe('9000')
  return decode(ProfileInstallationResult, answer.subarray(0, -2))
}

test.each(['nist', 'brainpool'] as const)(
  'a profile is downloaded, installed disabled and reported under %s',
  (curve) => {
    const card = new Terminal(newCard()).selectIsdr()
    const { profileInstallationResultData, euiccSignPIR } = resultOf(download(card, { curve }))
    expect(profileInstallationResultData.value).toMatchObject({
      notificationMetadata: { seqNumber: 1, notificationAddress: 'smdp.example.com', iccid: ICCID },
      smdpOid: '2.999.10',
      finalResult: { kind: 'successResult' },
    })
    const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf(curve)).euiccCertificate)
    expect(publicKey && verify(publicKey, [profileInstallationResultData.octets], euiccSignPIR)).toBe(true)
    expect(profilesOf(card.state)).toMatchObject([
      { iccid: ICCID, isdpAid: 'a0000005591010ffffffff8900001000', state: 'disabled', profileClass: 'operational' },
    ])
    expect(card.events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['profile-installed', 1],
      ['notification-stored', 2],
    ])
  },
)

test.each([
  ['with keys of the profile package', { replaceSessionKeys: true }],
  ['in blocks of 120 octets', { blockSize: 120 }],
  ['with metadata in two TLVs', { metadata: metadataOf(ICCID, { iconType: 'png', icon: new Uint8Array(1000) }) }],
])('a profile is installed %s', (_, options) => {
  const card = new Terminal(newCard()).selectIsdr()
  expect(resultOf(download(card, options)).profileInstallationResultData.value.finalResult.kind).toBe('successResult')
})
