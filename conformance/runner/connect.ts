/** The others that a run talks to, each asked once before anything is judged. */
import { connectAuthorization } from '../authorization/client-http.ts'
import { dialectNamed } from '../dialects/index.ts'
import { schemaChecks } from '../dialects/schemas.ts'
import type { Ics } from '../ics/ics.ts'
import { startSink } from '../sink/http.ts'
import { lendDevices, readDevices } from '../testbed/assets.ts'
import { measureOffset, unknownOffset } from '../testbed/clock-offset.ts'
import { connectTestbed, type Testbed } from '../testbed/http.ts'
import { createShelf } from '../testbed/shelf.ts'
import { systemClock } from './clock-system.ts'
import { createHttpClient } from './http.ts'
import type { ConformanceOptions } from './options.ts'
import type { Session } from './session.ts'
import { readAuthorization, readText } from './store-files.ts'

/** So that a run against nothing ends at once and says why. */
export async function connect(
  options: ConformanceOptions,
  { ics, seed }: { readonly ics: Ics; readonly seed: number },
): Promise<Session> {
  const { target, authorization: given } = options
  const named = dialectNamed(ics.dialect)
  const dialect = named.under?.(ics.readings) ?? named
  const clock = systemClock
  const api = createHttpClient({ clock, timeoutMs: ics.timeouts.answerSeconds * 1000, again: true })
  const root = target.replace(/\/+$/, '')
  await api({ method: 'GET', url: `${root}${dialect.basePath}` })
  const testbed = await devicesOf(options)
  const isVirtual = (await testbed.isVirtual?.()) ?? false
  const testbedClock = isVirtual ? unknownOffset : await measureOffset(clock.now, testbed.now)
  const authorization = await connectAuthorization(
    typeof given === 'string' ? await readAuthorization(given) : given,
    clock,
  )
  const sinks = await startSink({ clock, host: options.sinkHost, ...(isVirtual && { pace: testbed.now }) })
  return {
    target: root,
    dialect,
    ics,
    seed,
    modelRuns: options.modelRuns,
    clock,
    api,
    testbed,
    shelf: createShelf(testbed),
    testbedClock,
    sinks,
    authorization,
    schemas: schemaChecks(dialect.schemas, ics),
    audits: new Map(),
  }
}

async function devicesOf({ testbed: url, testbedToken: token, assets }: ConformanceOptions): Promise<Testbed> {
  if (assets !== undefined) return lendDevices(readDevices(await readText(assets)), systemClock.now)
  if (url === undefined) throw new Error('neither a testbed nor assets were named: there are no devices')
  return connectTestbed({ clock: systemClock, url, token })
}
