/**
 * What cards have been seen to answer that the standards, or this card, do not: a layer around correct functions, one row for each habit. All are
 * off unless a card is made with them.
 */
import { decode, encode, octetString, type Schema, sequence, sequenceOf, slice } from '../../protocol/ber/index.ts'
import { signatureToDer } from '../../protocol/crypto/index.ts'
import { ProfileInfoListRequest } from '../../protocol/sgp22/index.ts'

interface VariantRow {
  readonly about: string
  readonly source: string
  /** The request as the functions see it; a status word when it does not come to them. */
  refuses?(request: Uint8Array): boolean
  /** The answer as it leaves the card. */
  rewrite?(answer: Uint8Array): Uint8Array
}

const OPEN_IOT_RSP = 'openiotrsp, INTERPRETATION_LOG.md: cards in production'

/** Rewritten in this order. */
export const variantRows = {
  packageSignaturesInDer: {
    about: 'euiccSignEPR and euiccSignEPE are an ECDSA-Sig-Value in DER, not 64 octets.',
    source: OPEN_IOT_RSP,
    rewrite: eachPackageResult(signedInDer),
  },
  packageResultWithoutChoice: {
    about: 'EuiccPackageResult without the tag A0 of its alternative: data and signature stand directly in BF51.',
    source: OPEN_IOT_RSP,
    rewrite: eachPackageResult((result) => withoutAlternative(0xbf51, result)),
  },
  signedWithoutToken: {
    about:
      'euiccSignEPR and euiccSignEPE cover the data alone when there is no association token, not 840100 behind it.',
    source: OPEN_IOT_RSP,
  },
  profileListWithoutChoice: {
    about: 'ProfileInfoListResponse without the tag A0 of its alternative: the profiles stand directly in BF2D.',
    source: OPEN_IOT_RSP,
    rewrite: (answer) => withoutAlternative(0xbf2d, answer),
  },
  certificatesWithoutChoice: {
    about: 'GetCertsResponse without the tag A0 of its alternative: A5 and A6 stand directly in BF56.',
    source: 'pySim-shell reads them so',
    rewrite: (answer) => withoutAlternative(0xbf56, answer),
  },
  certificatesNested: {
    about:
      'GetCertsResponse with whole certificates in A5 and A6, where the tag should replace the 30 of the certificate.',
    source: OPEN_IOT_RSP,
    rewrite: withNestedCertificates,
  },
  iotTagsRefused: {
    about: 'GetProfilesInfo with a tag of SGP.32 in its list is answered with the status word 6A80.',
    source: 'ddimension/ipad: consumer cards behind an IPA',
    refuses: asksForIotTags,
  },
  catBusyAfterSwitch: {
    about: 'The first switch of profiles after one that took effect at once is answered with catBusy, the next is not.',
    source: 'commaai/openpilot, pull request 37779: cards that are switched again and again',
  },
  sequenceFromZero: {
    about: 'The first notification has the sequence number 0.',
    source: 'estkme-group/lpac, issue 430',
  },
  dataAtOnce: {
    about:
      'Answers of up to 256 octets come with 9000 and not by 61xx and GET RESPONSE, as through a reader that speaks T=1.',
    source: 'estkme-group/lpac and onomondo-ipa: what the one takes and the other does not',
  },
} as const satisfies Record<string, VariantRow>

export type Variant = keyof typeof variantRows

interface WithVariants {
  readonly product: { readonly variants: readonly Variant[] }
}

export const hasVariant = ({ product }: WithVariants, variant: Variant): boolean => product.variants.includes(variant)

const rows: readonly (readonly [string, VariantRow])[] = Object.entries(variantRows)

const rowsOf = ({ product }: WithVariants): readonly VariantRow[] =>
  rows.filter(([name]) => product.variants.includes(name as Variant)).map(([, row]) => row)

export const isRefused = (card: WithVariants, request: Uint8Array): boolean =>
  rowsOf(card).some((row) => row.refuses?.(request))

export const rewritten = (card: WithVariants, answer: Uint8Array): Uint8Array =>
  rowsOf(card).reduce((octets, row) => row.rewrite?.(octets) ?? octets, answer)

const startsWith = (octets: Uint8Array, tag: number): boolean => octets[0] === tag >> 8 && octets[1] === (tag & 0xff)

/** Takes the tag of the first alternative away; other answers stay. */
function withoutAlternative(tag: number, answer: Uint8Array): Uint8Array {
  if (!startsWith(answer, tag)) return answer
  const outer = octetString(tag)
  const content = decode(outer, answer)
  return content[0] === 0xa0 ? encode(outer, decode(octetString(0xa0), content)) : answer
}

const ResultList: Schema<{ readonly list: readonly Uint8Array[] }> = sequence(0xbf2b, {
  list: sequenceOf(0xa2, slice()),
})

/** In the answer to LoadEuiccPackage and in the list of results that are stored. */
function eachPackageResult(change: (result: Uint8Array) => Uint8Array) {
  return (answer: Uint8Array): Uint8Array => {
    if (startsWith(answer, 0xbf51)) return change(answer)
    if (!startsWith(answer, 0xbf2b) || decode(octetString(0xbf2b), answer)[0] !== 0xa2) return answer
    return encode(ResultList, { list: decode(ResultList, answer).list.map(change) })
  }
}

/** Of a result and of a signed error, whatever version of SGP.32 they are of. */
function signedInDer(result: Uint8Array): Uint8Array {
  const content = decode(PACKAGE_RESULT, result)
  const [tag = 0] = content
  if (tag !== 0xa0 && tag !== 0xa1) return result
  const Signed = sequence(tag, { data: octetString(0x30), signature: octetString(0x5f37) })
  const { data, signature } = decode(Signed, content)
  return encode(PACKAGE_RESULT, encode(Signed, { data, signature: signatureToDer(signature) }))
}

const PACKAGE_RESULT = octetString(0xbf51)

const Certificates = sequence(0x30, { eum: octetString(0xa5), euicc: octetString(0xa6) })

const certificate = octetString(0x30)

/** Below the alternative or, without it, below the message. */
function withNestedCertificates(answer: Uint8Array): Uint8Array {
  if (!startsWith(answer, 0xbf56)) return answer
  const content = decode(octetString(0xbf56), answer)
  const isWrapped = content[0] === 0xa0
  if (!isWrapped && content[0] !== 0xa5) return answer
  const { eum, euicc } = decode(
    Certificates,
    encode(certificate, isWrapped ? decode(octetString(0xa0), content) : content),
  )
  const nested = encode(Certificates, { eum: encode(certificate, eum), euicc: encode(certificate, euicc) })
  const inner = decode(certificate, nested)
  return encode(octetString(0xbf56), isWrapped ? encode(octetString(0xa0), inner) : inner)
}

const IOT_TAGS = [0x9f7b, 0x9f26, 0x9f67]

function asksForIotTags(request: Uint8Array): boolean {
  if (!startsWith(request, 0xbf2d)) return false
  return decode(ProfileInfoListRequest, request).tagList?.some((tag) => IOT_TAGS.includes(tag)) ?? false
}
