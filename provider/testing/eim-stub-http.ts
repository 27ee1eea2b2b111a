/**
 * A small eIM that speaks docs/eim-northbound.md over HTTP, for the provider's tests. Its cards are rows: packages run by themselves
 * (`auto`) or when the test says so, and a test may put any result in the place of the card's.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { closeServer, listen } from '../http/http.ts'
import type { Euicc, Package, PackageOrder, PackageResult, Profile, Psmo } from '../rsp/platform.ts'

export interface StubPackage extends Package {
  readonly order: PackageOrder
  readonly key: string | undefined
}

/** What an activation code leads to. */
export type Download = { readonly iccid: string; readonly fallbackAllowed?: boolean } | PackageResult

interface Call {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export const startEimStub = async (port = 0) => {
  const cards = new Map<string, Profile[]>()
  const downloads = new Map<string, Download>()
  const packages: StubPackage[] = []
  const streams = new Set<ServerResponse>()
  const log: { id: number; text: string }[] = []
  const waiting: { holds: () => boolean; tell: () => void }[] = []
  const calls: Call[] = []
  /** Mutable: what a test has set. */
  const set = {
    auto: true,
    /** Answers these calls with a status instead: the platform is not well. */
    failing: undefined as ((method: string, path: string) => number | undefined) | undefined,
    /** Does what these calls ask, and lets the connection break before the answer. */
    losing: undefined as ((method: string, path: string) => boolean) | undefined,
    /** In the place of the card's result, once. */
    nextResult: undefined as PackageResult | undefined,
    refuse: undefined as ((order: PackageOrder) => string | undefined) | undefined,
  }

  const publish = (changed: Package) => {
    const id = log.length + 1
    const text = `event: package\nid: ${id}\ndata: ${JSON.stringify(changed)}\n\n`
    log.push({ id, text })
    for (const stream of streams) stream.write(text)
    tellWaiting()
  }

  const tellWaiting = () => {
    for (const { holds, tell } of waiting) if (holds()) tell()
  }

  const update = (packageId: string, change: Partial<Package>): StubPackage => {
    const index = packages.findIndex((candidate) => candidate.packageId === packageId)
    const before = packages[index]
    if (!before) throw new Error(`no package ${packageId}`)
    const after = { ...before, ...change }
    packages[index] = after
    publish(after)
    return after
  }

  const deliver = (packageId: string) => update(packageId, { state: 'delivered' })

  const finish = (packageId: string, result?: PackageResult) => {
    const { eid, order } = packages.find((candidate) => candidate.packageId === packageId) ?? {}
    if (!eid || !order) throw new Error(`no package ${packageId}`)
    const instead = result ?? set.nextResult
    set.nextResult = undefined
    update(packageId, { state: 'done', result: instead ?? execute(eid, order) })
    runNext(eid)
  }

  const runNext = (eid: string) => {
    if (!set.auto || packages.some((other) => other.eid === eid && other.state === 'delivered')) return
    const next = packages.find((candidate) => candidate.eid === eid && candidate.state === 'queued')
    if (!next) return
    deliver(next.packageId)
    setImmediate(() => finish(next.packageId))
  }

  const execute = (eid: string, order: PackageOrder): PackageResult => {
    const profiles = cards.get(eid) ?? []
    if ('download' in order) return install(profiles, downloads.get(order.download.activationCode))
    const results: { operation: string; result: string }[] = []
    for (const psmo of order.psmo) {
      const [operation, result] = run(profiles, psmo)
      results.push({ operation, result })
      if (result !== 'ok') break
    }
    return { kind: 'euiccPackageResult', verified: true, results }
  }

  const submit = (eid: string, order: PackageOrder, key: string | undefined): StubPackage => {
    const known = packages.find((candidate) => key !== undefined && candidate.key === key)
    if (known) return known
    const created: StubPackage = { packageId: `package-${packages.length + 1}`, eid, order, key, state: 'queued' }
    packages.push(created)
    publish(created)
    setImmediate(() => runNext(eid))
    return created
  }

  const euiccOf = (eid: string): Euicc => ({ eid, profiles: cards.get(eid) ?? [] })
  const problem = (status: number, detail: string) => ({
    status,
    body: { type: 'about:blank', title: 'Refused', status, detail },
  })
  const notFound = problem(404, 'unknown')

  const answer = (
    method: string,
    path: string,
    body: unknown,
    key: string | undefined,
  ): { status: number; body: unknown } => {
    const [, what, id = '', rest] = path.split('/')
    if (method === 'GET' && what === 'euiccs') return cards.has(id) ? { status: 200, body: euiccOf(id) } : notFound
    if (method === 'GET' && what === 'profiles') {
      for (const [eid, profiles] of cards)
        for (const profile of profiles) if (profile.iccid === id) return { status: 200, body: { eid, ...profile } }
      return notFound
    }
    if (method === 'POST' && what === 'euiccs' && rest === 'packages') {
      if (!cards.has(id)) return notFound
      const refusal = set.refuse?.(body as PackageOrder)
      return refusal ? problem(422, refusal) : { status: 202, body: submit(id, body as PackageOrder, key) }
    }
    const found = packages.find(({ packageId }) => packageId === id)
    if (what !== 'packages' || !found) return notFound
    if (method === 'GET') return { status: 200, body: found }
    if (found.state !== 'queued') return problem(409, 'handed to the IPA')
    return { status: 200, body: update(id, { state: 'cancelled' }) }
  }

  const server = createServer(async (request, response) => {
    const method = request.method ?? ''
    const path = (request.url ?? '').replace(/^\/eim\/v1/, '')
    calls.push({ method, path, headers: request.headers })
    tellWaiting()
    const failure = set.failing?.(method, path)
    if (failure === 0) {
      request.socket.destroy()
      return
    }
    if (failure) {
      response.writeHead(failure, { 'content-type': 'application/problem+json' }).end('{}')
      return
    }
    if (path === '/events') {
      const after = Number(request.headers['last-event-id'] ?? log.length)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
      for (const { id, text } of log) if (id > after) response.write(text)
      streams.add(response)
      tellWaiting()
      response.on('close', () => streams.delete(response))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const key = request.headers['idempotency-key']
    const result = answer(method, path, text && JSON.parse(text), typeof key === 'string' ? key : undefined)
    if (set.losing?.(method, path)) {
      request.socket.destroy()
      return
    }
    response.writeHead(result.status, { 'content-type': 'application/json' }).end(JSON.stringify(result.body))
  })

  return {
    url: await listen(server, { host: '127.0.0.1', port }),
    cards,
    downloads,
    packages,
    calls,
    set,
    deliver,
    finish,
    /** When this holds; looked at whenever something is asked of the stub or changes in it. */
    async until(holds: () => boolean) {
      if (!holds()) await new Promise<void>((tell) => waiting.push({ holds, tell }))
    },
    listeners: () => streams.size,
    cancel: (packageId: string) => update(packageId, { state: 'cancelled' }),
    run: runNext,
    dropStreams: () => {
      for (const stream of streams) stream.destroy()
    },
    async close() {
      for (const stream of streams) stream.destroy()
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

export type EimStub = Awaited<ReturnType<typeof startEimStub>>

const install = (profiles: Profile[], download: Download | undefined): PackageResult => {
  if (!download)
    return { kind: 'profileDownloadError', reason: 'undefinedError', subjectCode: '8.2.6', reasonCode: '3.8' }
  if ('kind' in download) return download
  const { iccid, fallbackAllowed = false } = download
  profiles.push({ iccid, state: 'disabled', fallbackAttribute: false, fallbackAllowed })
  return { kind: 'profileInstallationResult', verified: true, outcome: 'success', iccid }
}

const run = (profiles: Profile[], psmo: Psmo): [string, string] => {
  const [[operation, { iccid }] = ['', { iccid: '' }]] = Object.entries(psmo)
  const index = profiles.findIndex((profile) => profile.iccid === iccid)
  const profile = profiles[index]
  return [
    operation,
    profile ? (psmos[operation]?.(profiles, index, profile) ?? 'undefinedError') : 'iccidOrAidNotFound',
  ]
}

const psmos: Readonly<Record<string, (profiles: Profile[], index: number, profile: Profile) => string>> = {
  enable(profiles, index, profile) {
    if (profile.state === 'enabled') return 'profileNotInDisabledState'
    for (const [at, other] of profiles.entries())
      profiles[at] = { ...other, state: at === index ? 'enabled' : 'disabled' }
    return 'ok'
  },
  disable(profiles, index, profile) {
    if (profile.state === 'disabled') return 'profileNotInEnabledState'
    profiles[index] = { ...profile, state: 'disabled' }
    return 'ok'
  },
  delete(profiles, index, profile) {
    if (profile.state === 'enabled') return 'profileNotInDisabledState'
    profiles.splice(index, 1)
    return 'ok'
  },
  setFallbackAttribute(profiles, index, profile) {
    if (!profile.fallbackAllowed) return 'fallbackNotAllowed'
    for (const [at, other] of profiles.entries()) profiles[at] = { ...other, fallbackAttribute: at === index }
    return 'ok'
  },
}
