/** Everything that `up` starts, in this process and on free ports, with what a conformance run needs to know of it. */
import { readConfig } from '../../bin/config.ts'
import { startWorld } from '../../bin/world.ts'
import { newSigningKey } from '../../provider/index.ts'

export const ephemeral = {
  ...{ 'control.port': 0, 'eim.esipaPort': 0, 'eim.northboundPort': 0, 'eim.onomondoPort': 0 },
  ...{ 'smdp.port': 0, 'smds.port': 0, 'provider.port': 0, 'authorization.port': 0 },
}

export async function startJudgedWorld(flags: Readonly<Record<string, unknown>> = {}) {
  const config = readConfig({ flags: { ...ephemeral, 'devices.count': 0, 'log.level': 'error', ...flags } })
  const keys = { signingKey: newSigningKey() }
  return { config, keys, ...(await startWorld(config, keys)) }
}
