/** Members whose value nobody may read in a trace, as lower-case letters and digits only. */
const secretNames = new Set([
  'accesstoken',
  'authorization',
  'clientassertion',
  'clientsecret',
  'cookie',
  'idtoken',
  'password',
  'privatekey',
  'proxyauthorization',
  'refreshtoken',
  'setcookie',
  'sinkcredential',
])

/** Private members of a JSON Web Key: RFC 7518, 6.2.2, 6.3.2 and 6.4.1. */
const privateKeyMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

const secretText = [
  /^(Bearer|Basic|DPoP) \S+$/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /(^|[?&])(client_secret|client_assertion|access_token|refresh_token|password)=/,
]

const hidden = '[redacted]'

/** Nesting beyond it is nobody's message, and could not be written as text again. */
const DEEPEST = 64
const deeper = '[deeper]'

/** The same JSON value without its secrets and its depths. The very same object when there were none. */
export function redact(json: unknown, depth = 0): unknown {
  if (typeof json === 'string') return secretText.some((pattern) => pattern.test(json)) ? hidden : json
  if (typeof json !== 'object' || json === null) return json
  if (depth === DEEPEST) return deeper
  if (Array.isArray(json)) {
    const items = json.map((item) => redact(item, depth + 1))
    return items.some((item, i) => item !== json[i]) ? items : json
  }
  const isKey = 'kty' in json
  const members = Object.entries(json)
  const shown = members.map(
    ([name, value]) => [name, isSecret(name, isKey) ? hidden : redact(value, depth + 1)] as const,
  )
  return shown.some(([, value], i) => value !== members[i]?.[1]) ? Object.fromEntries(shown) : json
}

const isSecret = (name: string, isKey: boolean): boolean =>
  secretNames.has(name.toLowerCase().replace(/[^a-z0-9]/g, '')) || (isKey && privateKeyMembers.has(name))
