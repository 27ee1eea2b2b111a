/** Structured logs. What a client, a sink or the SM-DP+ must not see in them is never written. */
import { type Logger, pino } from 'pino'

const secrets = [
  'authorization',
  'activationCode',
  'callback',
  'credential',
  'sinkCredential',
  'secret',
  'accessToken',
  'refreshToken',
]

/** `level`: the least severity that is written, by pino's names. */
export const createLogger = (level = 'info'): Logger =>
  pino({ name: 'provider', level, redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]) })
