import { IpaEuiccData, type IpaEuiccDataRequest } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Answer, type Failure, failure } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { retrieveNotifications, retrievePackageResults } from './retrieve-notifications.ts'

/** What a component of IpaEuiccData is made from. */
export interface DataQuestion {
  readonly agent: Agent
  readonly eim: Eim
  readonly request: IpaEuiccDataRequest
}

/** An error that IpaEuiccDataResponse has a name for. */
export interface DataRefusal {
  readonly kind: 'refusal'
  readonly error: 'incorrectTagList' | 'euiccCiPKIdNotFound'
}

type Part = { readonly kind: 'data'; readonly value: IpaEuiccData } | DataRefusal | Failure

/** IpaEuiccData: SGP.32 v1.2, 2.11.2.2. Where each component comes from. */
const components: Partial<Record<keyof IpaEuiccData, (question: DataQuestion) => Promise<Part>>> = {
  notificationsList,
  defaultSmdpAddress: async ({ agent }) =>
    part(await agent.card.call('GetEuiccConfiguredAddresses', {}), ({ defaultDpAddress }) =>
      defaultDpAddress === undefined ? {} : { defaultSmdpAddress: defaultDpAddress },
    ),
  euiccPackageResultList,
  euiccInfo1: async ({ agent }) => part(await agent.card.call('GetEUICCInfo1', {}), (euiccInfo1) => ({ euiccInfo1 })),
  euiccInfo2: async ({ agent }) => part(await agent.card.call('GetEUICCInfo2', {}), (euiccInfo2) => ({ euiccInfo2 })),
  rootSmdsAddress: async ({ agent }) =>
    part(await agent.card.call('GetEuiccConfiguredAddresses', {}), ({ rootDsAddress }) => ({
      rootSmdsAddress: rootDsAddress,
    })),
  associationToken: async ({ eim }) =>
    data(eim.associationToken === undefined ? {} : { associationToken: eim.associationToken }),
  eumCertificate: (question) => certificates(question, ({ eumCertificate }) => ({ eumCertificate })),
  euiccCertificate: (question) => certificates(question, ({ euiccCertificate }) => ({ euiccCertificate })),
  ipaCapabilities: async ({ agent }) => data({ ipaCapabilities: agent.settings.ipaCapabilities }),
  deviceInfo: async ({ agent }) => data({ deviceInfo: agent.settings.deviceInfo }),
}

const { layout } = IpaEuiccData
const componentByTag = new Map(
  (layout.kind === 'fields' ? layout.fields : []).flatMap(({ name, schema }) => {
    const component = components[name as keyof IpaEuiccData]
    return component ? schema.tags.map((tag) => [tag, component] as const) : []
  }),
)

/** All that the tagList asks for, or the first reason against it. */
export async function collectEuiccData(question: DataQuestion): Promise<Part> {
  const { tagList } = question.request
  const asked = tagList.flatMap((tag) => componentByTag.get(tag) ?? [])
  if (asked.length < tagList.length) return { kind: 'refusal', error: 'incorrectTagList' }
  let collected: IpaEuiccData = {}
  for (const component of asked) {
    const found = await component(question)
    if (found.kind !== 'data') return found
    collected = { ...collected, ...found.value }
  }
  return data(collected)
}

const data = (value: IpaEuiccData): Part => ({ kind: 'data', value })

const part = <T>(answer: Answer<T>, toData: (value: T) => IpaEuiccData): Part =>
  answer.kind === 'failure' ? answer : data(toData(answer.value))

/** The notifications that the search criteria select; without any, all. */
async function notificationsList({ agent, request }: DataQuestion): Promise<Part> {
  const notifications = await retrieveNotifications(agent, request.searchCriteriaNotification)
  return 'kind' in notifications ? notifications : data({ notificationsList: notifications.map(({ value }) => value) })
}

async function euiccPackageResultList({ agent, request }: DataQuestion): Promise<Part> {
  const results = await retrievePackageResults(agent, request.searchCriteriaEuiccPackageResult)
  return 'kind' in results ? results : data({ euiccPackageResultList: results.map(({ value }) => value) })
}

interface Certificates {
  readonly eumCertificate: Uint8Array
  readonly euiccCertificate: Uint8Array
}

/** Of the CI that the request names; the eIM may have cut its key identifier short. */
async function certificates(
  { agent, request }: DataQuestion,
  toData: (certs: Certificates) => IpaEuiccData,
): Promise<Part> {
  const wanted = request.euiccCiPKIdentifierToBeUsed
  const info = await agent.card.call('GetEUICCInfo1', {})
  if (info.kind === 'failure') return info
  const { euiccCiPKIdListForSigning: known } = info.value
  const euiccCiPKId = wanted ? known.find((id) => wanted.every((octet, i) => octet === id[i])) : known[0]
  if (!euiccCiPKId) return { kind: 'refusal', error: 'euiccCiPKIdNotFound' }
  const answer = await agent.card.call('GetCerts', { euiccCiPKId })
  if (answer.kind === 'failure') return answer
  const { kind, value } = answer.value
  return kind === 'certs' ? data(toData(value)) : failure('ES10', 'refused', `GetCerts: ${value}`)
}
