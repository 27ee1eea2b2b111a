// `npm run soak -- --minutes 60`: mixed traffic through the API with faults, on virtual time, and whether the heap stays steady. `--operations N` ends after so
// many. Exit code 0: every operation came to an end, and what grows with each stays below the bound.
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startTestbed } from '../dist/index.js'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    operations: { type: 'string' },
    devices: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const most = values.operations === undefined ? Number.POSITIVE_INFINITY : Number(values.operations)
const until = values.operations === undefined ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY
const SAMPLE_EACH = 20
/** Of each thing that piles up: few, so that the bounds are reached early. */
const KEPT = 20
/** Octets of heap for each operation: what a leak of one small object would be, and what a short run cannot tell from the compiler's work. */
const boundOf = (operations) => 1_000 + 5_000_000 / operations

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** Each strikes once; an operation comes to an end, one way or the other. */
const faults = [
  'card/power-loss',
  'card/channel-lost',
  'card/slow',
  'ipa/crash',
  'ipa/duplicate-result',
  'eim/duplicate-package',
  'smdp/bad-mac',
  'smdp/matching-id-refused',
  'smdp/slow',
  'network/request-lost',
  'network/answer-lost',
  'network/duplicate-request',
]

/** Numerical Recipes' linear congruence: the same seed gives the same traffic. */
let state = Number(values.seed)
const chance = () => {
  state = (1_664_525 * state + 1_013_904_223) % 2 ** 32
  return state / 2 ** 32
}
const oneOf = (list) => list[Math.floor(chance() * list.length)]

const testbed = await startTestbed({
  seed: 'soak',
  config: {
    time: 'virtual',
    'devices.kept': KEPT,
    'devices.pollIntervalSeconds': 600,
    'provider.operationRetentionSeconds': 3600,
    'provider.operationTimeoutSeconds': 1200,
  },
})
let eventsTold = 0
const sink = createServer((request, response) => {
  request.resume().on('end', () => {
    eventsTold += 1
    response.writeHead(204).end()
  })
}).listen(0, '127.0.0.1')
await new Promise((resolve) => sink.once('listening', resolve))
const sinkUrl = `http://127.0.0.1:${sink.address().port}/events`

const tokens = new Map()
async function tokenFor(scope) {
  const known = tokens.get(scope)
  if (known) return known
  const answer = await fetch(`${testbed.doors.authorization}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('acme:acme-test-secret').toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      resource: 'https://provider.testbed.example',
    }),
  })
  const { access_token } = await answer.json()
  if (!access_token) throw new Error(`no token for ${scope}`)
  tokens.set(scope, access_token)
  return access_token
}

async function call(method, path, scope, body) {
  const answer = await fetch(`${testbed.doors.provider}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenFor(scope)}`,
      // While the collector runs, the provider's patience with a silent connection may end.
      connection: 'close',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, json: text ? JSON.parse(text) : undefined }
}

/** Two dialects: one tells a sink, one is asked. */
const dialects = [
  {
    path: (action) => `/esim/${action}`,
    scope: (action) => `iot-device-management:esims:${action === 'set-fallback' ? 'enable' : action}`,
    body: (subject, more) => ({ esim: subject, sink: sinkUrl, ...more }),
    names: () => ['eid', 'iccid'],
    operation: (id) => [`/esim/operations/${id}`, 'iot-device-management:esims:read'],
  },
  {
    path: (action) => `/esim-profile-management/v0.1rc2/${action}`,
    scope: (action) => `iot-device-management:esim-profiles:${action}`,
    body: (subject, more) => ({ esimProfile: subject, ...more }),
    names: (action) => (action === 'download' ? ['eid'] : ['iccid']),
    operation: (id) => [
      `/esim-profile-management/v0.1rc2/operations/${id}`,
      'iot-device-management:esim-profiles:retrieve-operation',
    ],
  },
]

/** What may be asked of a card as it is. */
function choose({ profiles }) {
  if (profiles.length === 0) return { action: 'download' }
  const { iccid } = oneOf(profiles)
  const action = oneOf(['enable', 'disable', 'delete', 'set-fallback', 'delete'])
  return profiles.length < 3 && chance() < 0.4 ? { action: 'download' } : { action, iccid }
}

const counts = {}
const count = (what) => {
  counts[what] = (counts[what] ?? 0) + 1
}

async function operate(eid) {
  const { action, iccid } = choose(await testbed.device(eid))
  const order = action === 'download' ? await testbed.control('POST', '/orders', { eid }) : undefined
  const fault = chance() < 0.5 ? oneOf(faults) : undefined
  if (fault) await testbed.control('POST', '/faults', { fault, devices: [eid], when: { count: 1 } })
  const dialect = oneOf(dialects)
  const all = { eid, iccid: order?.iccid ?? iccid }
  const subject = Object.fromEntries(dialect.names(action).map((name) => [name, all[name]]))
  const body = dialect.body(subject, order && { activationCode: order.activationCode })
  const { status, json } = await call('POST', dialect.path(action), dialect.scope(action), body)
  // 503: the request to the eIM is the one that was lost.
  if (status >= 500 && !(status === 503 && fault?.startsWith('network/')))
    throw new Error(`${action} (${fault}) was answered with ${status}: ${JSON.stringify(json)}`)
  count(`${action}: ${status === 202 ? await ending(dialect, json.operationId) : `refused with ${status}`}`)
  await testbed.control('DELETE', '/faults')
  if (order) await testbed.control('DELETE', `/orders/${order.iccid}`).catch(() => {})
}

/** Reads until it is over: the clock goes on between two readings when somebody waits for it. */
async function ending(dialect, id) {
  for (let reading = 0; reading < 10_000; reading++) {
    const { json } = await call('GET', ...dialect.operation(id))
    if (String(json.status).toLowerCase() === 'completed') return String(json.result.outcome).toLowerCase()
    if (reading > 50) await testbed.control('POST', '/clock', { advanceMs: 60_000 })
  }
  throw new Error(`operation ${id} does not come to an end`)
}

const minutesSince = (start, now) => Math.round((now - start) / 6_000) / 10
const begin = Date.now()
const virtualNow = async () => Date.parse((await testbed.control('GET', '/clock')).now)
const virtualBegin = await virtualNow()

const samples = []
async function sample(operations) {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  const minutes = minutesSince(begin, Date.now())
  const virtualMinutes = minutesSince(virtualBegin, await virtualNow())
  samples.push({ operations, minutes, virtualMinutes, heapUsed, external })
  const [heap, outside] = [heapUsed, external].map((octets) => `${(octets / 1e6).toFixed(1)} MB`)
  if (!values.json)
    process.stderr.write(
      `${minutes} min (${virtualMinutes} on the virtual clock): ${operations} operations, heap ${heap}, outside ${outside}\n`,
    )
}

/** Median of the slopes between all pairs (Theil and Sen): one sample that is off does not matter. */
function slope(rows) {
  const slopes = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => (b.heapUsed - a.heapUsed) / (b.operations - a.operations)),
  )
  return slopes.sort((a, b) => a - b)[slopes.length >> 1] ?? 0
}

const eids = []
for (let i = 0; i < Number(values.devices); i++) eids.push((await testbed.lease()).eid)
let operations = 0
while (operations < most && Date.now() < until) {
  await operate(oneOf(eids))
  operations += 1
  if (operations % SAMPLE_EACH) continue
  await testbed.control('POST', '/clock', { advanceMs: 3_600_000 })
  tokens.clear()
  await sample(operations)
}
const growth = slope(samples.slice(Math.floor(samples.length / 3)))
const bound = boundOf(operations)
const summary = {
  operations,
  minutes: minutesSince(begin, Date.now()),
  virtualMinutes: minutesSince(virtualBegin, await virtualNow()),
  counts,
  eventsTold,
  octetsPerOperation: Math.round(growth),
  bound: Math.round(bound),
}
process.stdout.write(`${JSON.stringify({ ...summary, ...(values.json && { samples }) }, undefined, 2)}\n`)
await testbed.close()
sink.close()
sink.closeAllConnections()
process.exitCode = growth <= bound ? 0 : 1
