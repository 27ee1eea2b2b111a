/** Status words of ISO/IEC 7816-4, ETSI TS 102 221 and GlobalPlatform, by what they say. */
export const statusWords = {
  ok: 0x9000,
  unsuccessfulSearch: 0x6282,
  selectedFileInvalidated: 0x6283,
  memoryProblem: 0x6581,
  wrongLength: 0x6700,
  logicalChannelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  commandIncompatibleWithFile: 0x6981,
  securityStatusNotSatisfied: 0x6982,
  authenticationBlocked: 0x6983,
  referencedDataInvalidated: 0x6984,
  conditionsNotSatisfied: 0x6985,
  commandNotAllowed: 0x6986,
  incorrectData: 0x6a80,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  notEnoughMemory: 0x6a84,
  incorrectParameters: 0x6a86,
  referencedDataNotFound: 0x6a88,
  wrongParameters: 0x6b00,
  instructionNotSupported: 0x6d00,
  classNotSupported: 0x6e00,
  noPreciseDiagnosis: 0x6f00,
  toolkitBusy: 0x9300,
  authenticationError: 0x9862,
} as const
export type StatusWord = keyof typeof statusWords

/** Status words that carry a number in their last octet or digit. */
export const moreData = (octets: number): number => 0x6100 | (octets > 255 ? 0 : octets)
/** 6Cxx: so many octets are there. */
export const wrongLe = (octets: number): number => 0x6c00 | (octets & 0xff)
/** 91xx: the command is done, and FETCH finds a proactive command of so many octets. */
export const proactiveCommand = (octets: number): number => 0x9100 | (octets & 0xff)
/** 63Cx: the PIN was wrong, and may be tried so often. */
export const triesLeft = (tries: number): number => 0x63c0 | (tries & 0xf)

const withNumber = [
  { mask: 0xff00, word: 0x6100, text: (n: number) => `${n || 256} more octets can be fetched` },
  { mask: 0xff00, word: 0x6c00, text: (n: number) => `wrong Le, ${n || 256} octets are there` },
  { mask: 0xff00, word: 0x9100, text: (n: number) => `ok, a proactive command of ${n || 256} octets waits` },
  { mask: 0xfff0, word: 0x63c0, text: (n: number) => `not verified, ${n} tries left` },
]
const names = new Map<number, string>(Object.entries(statusWords).map(([name, word]) => [word, name]))

/** What a status word says, for traces. */
export function statusWordText(word: number): string {
  const row = withNumber.find((candidate) => (word & candidate.mask) === candidate.word)
  if (row) return row.text(word & ~row.mask)
  return names.get(word) ?? 'unknown'
}

/** Whether the command was carried out: 9000, or 91xx with a proactive command behind it. */
export const isSuccess = (word: number): boolean => word === statusWords.ok || word >> 8 === 0x91
