/** The guided tour: a recorded download, message by message, each octet accounted for. */
import { dumpLines } from '../../bin/dump.ts'
import { DecodeError, describe, fromHex } from '../../protocol/ber/index.ts'
import { identify } from '../../protocol/sgp32/index.ts'

export interface Message {
  readonly interface: string
  readonly from: string
  readonly to: string
  readonly operation: string
  readonly status?: string
  readonly octets?: string
  readonly json?: unknown
}

const introduction = `# One download, octet by octet

A profile of the smallest kind ordered at the eIM's northbound door, until the eIM knows that it is on the card. Recorded from a testbed in one process
(\`fixtures/sessions/one-download.ndjson\`, an export of its trace) and written by a test, which decodes every message anew:
\`npx vitest run test/generated-documents.test.ts -u\`. Each line of a tree: first and last octet, tag, field, type, value. The same of any message: \`esim-testbed decode\`.

`

/** What happens, before the first message of which it happens. */
const chapters: readonly (readonly [RegExp, string, string])[] = [
  [
    /^northbound provider/,
    'An order',
    'The provider asks the eIM for a download. The eIM answers at once: the package waits until the device comes.',
  ],
  [
    /^ESipa IPA GetEimPackage/,
    'The device asks for packages',
    'The IPA tells its EID; the eIM hands it a download trigger with the activation code.',
  ],
  [
    /^ES10 IPA GetEUICCInfo1/,
    'The card says what it is',
    'euiccInfo1 lists the CIs that it trusts; the challenge is what the SM-DP+ has to sign.',
  ],
  [
    /^ES9\+ IPA InitiateAuthentication/,
    'The SM-DP+ shows itself',
    'It signs the challenge of the card (serverSigned1) and chooses a CI that both know.',
  ],
  [
    /^ES10 IPA AuthenticateServer/,
    'The card checks it and shows itself',
    'The card verifies certificate and signature, then signs its own part: euiccSigned1 with euiccInfo2 and the matchingId.',
  ],
  [
    /^ES9\+ IPA AuthenticateClient/,
    'The order is found',
    'The SM-DP+ verifies the card by its certificates, finds the order by its matchingId, and sends the metadata of the profile.',
  ],
  [
    /^ES10 IPA PrepareDownload/,
    'A key for once',
    'The card makes a key pair for this download alone and signs its public part.',
  ],
  [
    /^ES9\+ IPA GetBoundProfilePackage/,
    'The package is bound',
    'The SM-DP+ makes its own key pair, derives session keys of both, and protects the profile with them (SCP03t): for this card, for this once.',
  ],
  [
    /^ES10 IPA LoadBoundProfilePackage/,
    'The package is loaded',
    'Segment by segment: keys (BF23), ISD-P (87), metadata (88), profile elements (86). The last answer is the signed ProfileInstallationResult.',
  ],
  [
    /^ES10 IPA ImmediateEnable/,
    'Enabled at once?',
    'The IPA asks whether the card may enable the profile by itself; nobody has configured that.',
  ],
  [/^ES9\+ IPA HandleNotification/, 'The SM-DP+ learns the result', 'As the card signed it.'],
  [
    /^ESipa IPA ProvideEimPackageResult/,
    'The eIM learns the result',
    'The same signed result, with the transaction that the trigger named. The eIM acknowledges it, and the card may forget it.',
  ],
  [
    /^ES10 IPA LoadEuiccPackage/,
    'The inventory',
    'The eIM asks the card by a signed package what is on it now; the card verifies the signature and the counter, and signs its answer.',
  ],
]

export function tour(messages: readonly Message[]): string {
  const open = [...chapters]
  const parts = messages.map((message, index) => {
    const key = `${message.interface} ${message.from} ${message.operation}`
    const at = open.findIndex(([begins]) => begins.test(key))
    const [chapter] = at < 0 ? [] : open.splice(at, 1)
    return `${chapter ? `## ${chapter[1]}\n\n${chapter[2]}\n\n` : ''}${section(message, index + 1)}`
  })
  return `${introduction}${parts.join('\n')}`
}

function section({ octets, json, status, ...message }: Message, number: number): string {
  const title = `${number}. ${message.interface}, ${message.from} to ${message.to}: ${message.operation.replace(/\d{32}/, '<EID>')}`
  const isRequest = status === undefined
  const lines = octets ? tree(octets, isRequest) : json === undefined ? [] : jsonLines(json, isRequest)
  const body = lines.length > 0 ? `\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n` : ''
  return `**${title}**${status === undefined ? '' : ` (${status})`}\n${body}`
}

function tree(hex: string, isRequest: boolean): readonly string[] {
  const octets = fromHex(hex)
  const type = identify(octets, isRequest ? 'request' : 'response')
  try {
    return [
      ...(type ? [`${type.name}, ${octets.length} octets`] : [`${octets.length} octets`]),
      ...dumpLines(describe(octets, type?.schema)),
    ]
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return [`${octets.length} octets, protected: ${hex.slice(0, 64)}…`]
  }
}

const isBase64Der = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9+/]{24,}={0,2}$/.test(value) && /^(MI|v|M)/.test(value)

/** Members of ES9+ that hold DER are shown as their trees. */
function jsonLines(json: unknown, isRequest: boolean): readonly string[] {
  return Object.entries(json as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    if (!isBase64Der(value)) return [`${name}: ${shortened(JSON.stringify(value))}`]
    const hex = Buffer.from(value, 'base64').toString('hex')
    return [`${name}:`, ...tree(hex, isRequest).map((line) => `  ${line}`)]
  })
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text)
