/** Structured logs. What a client, a sink or the SM-DP+ must not see in them is never written. */
import { type Logger, pino } from 'pino'

const secrets = ['authorization', 'activationCode', 'callback', 'credential', 'sinkCredential', 'secret', 'accessToken']

export const createLogger = (): Logger =>
  pino({ name: 'provider', redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]) })
