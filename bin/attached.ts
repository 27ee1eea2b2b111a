/** What the console of a world may use of the rooms that the testbed may not know: the provider's API, and the conformance runner. */
import type { ScenarioResult } from '../conformance/index.ts'
import type { ApiOperation, Attached, CheckResult, Judge, ServedApi } from '../emulator/testbed/index.ts'
import { basePathsOf, scopesOf } from '../provider/index.ts'
import { exampleOf, type Schema } from './api-example.ts'
import type { Config } from './config-schema.ts'
import type { Judged } from './judge.ts'

export const attachedTo = (config: Config, judged: Judged): Attached => ({
  api: servedApi(config, judged),
  judge: judgeOf(config, judged),
})

const judgeOf = (config: Config, judged: Judged): Judge => ({
  dialects: ['esim-management@0.1'],
  async run({ tags }, told) {
    const { judge } = await import('./judge.ts') // the runner, for those who ask for a run
    const onScenario = (result: ScenarioResult, total: number) => told(toCheck(result), total)
    const { verdict, report } = await judge(config, judged, { onScenario, ...(tags && { tags }) })
    if (report.scenarios.length === 0) throw new Error(report.reason ?? 'No scenario has these tags.')
    return verdict
  },
})

const toCheck = ({ name, feature, claims, verdict, startedAt, durationMs, ...more }: ScenarioResult): CheckResult => ({
  name,
  feature,
  claims,
  verdict,
  startedAt: new Date(startedAt).toISOString(),
  durationMs,
  ...(more.step !== undefined && { step: more.step }),
  ...(more.reason !== undefined && { reason: more.reason }),
  mismatches: more.mismatches,
  eids: more.evidence?.cards.map(({ eid }) => eid) ?? [],
})

function servedApi(config: Config, { doors }: Judged): ServedApi {
  const { clients } = config.authorization
  const target = doors['provider'] ?? ''
  const tokenOf = createTokens(doors['authorization'] ?? '', { clients, scopes: scopesOf(config.provider.dialects) })
  return {
    tenants: clients.map(({ tenant }) => tenant),
    operations: () => operationsOf(target, config.provider.dialects),
    async call({ tenant, method, path, body }) {
      const headers = {
        authorization: `Bearer ${await tokenOf(tenant)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }
      const answer = await fetch(target + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: asJson(text) }
    },
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

interface Allowed {
  readonly clients: Config['authorization']['clients']
  readonly scopes: readonly string[]
}

/** Access tokens by client credentials (RFC 6749, 4.4), each until it is about to end. */
function createTokens(issuer: string, { clients, scopes }: Allowed) {
  const kept = new Map<string, { readonly token: string; readonly until: number }>()
  return async (tenant: string): Promise<string> => {
    const found = kept.get(tenant)
    if (found && found.until > Date.now()) return found.token
    const client = clients.find((row) => row.tenant === tenant && row.clientSecret !== undefined)
    if (!client) throw new Error(`No client of tenant ${tenant} with a secret.`)
    const discovery = await fetch(`${issuer}/.well-known/openid-configuration`)
    const discovered = (await discovery.json()) as { token_endpoint: string }
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')
    const answer = await fetch(discovered.token_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
    })
    const {
      access_token: token,
      expires_in: seconds = 0,
      error_description: why,
    } = (await answer.json()) as TokenAnswer
    if (typeof token !== 'string') throw new Error(`No token for ${client.clientId}: ${why ?? answer.status}`)
    kept.set(tenant, { token, until: Date.now() + (seconds - MARGIN_SECONDS) * 1000 })
    return token
  }
}

interface TokenAnswer {
  readonly access_token?: string
  readonly expires_in?: number
  readonly error_description?: string
}

const MARGIN_SECONDS = 30

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

interface DocumentedOperation {
  readonly summary?: string
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

/** Every operation that the OpenAPI documents of the dialects name. */
async function operationsOf(target: string, ids: Config['provider']['dialects']): Promise<readonly ApiOperation[]> {
  const lists = await Promise.all(
    basePathsOf(ids).map(async ({ id, basePath }) => {
      const answer = await fetch(`${target}${basePath}/openapi.json`)
      return operationsIn((await answer.json()) as Document, { dialect: id, basePath })
    }),
  )
  return lists.flat()
}

function operationsIn({ paths }: Document, { dialect, basePath }: { dialect: string; basePath: string }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '', requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema
      const operation = { dialect, method: method.toUpperCase(), path: basePath + path, summary }
      return schema ? { ...operation, example: exampleOf(schema) } : operation
    }),
  )
}
