/** Calls about eUICCs and what is on them. */
import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import { type Call, problem, type Reply, type Route } from '../../rest/index.ts'
import type { Inject } from '../model.ts'
import { initialConfiguration, putEuicc, recognize, setAssociationToken } from '../onboarding.ts'
import { type EuiccState, type Turn, toEuicc, without } from '../state.ts'
import { ifKnown } from '../step.ts'
import { answers, BASE, type NorthboundContext, parameter, shows, unknownEuicc } from './context.ts'
import * as schemas from './schemas.ts'

export const euiccRoutes = (context: NorthboundContext): readonly Route[] => [
  {
    method: 'PUT',
    path: '/euiccs/{eid}',
    summary:
      'Makes an eUICC known by its certificates, or gives it others. Certificates below a second CI are kept beside the first.',
    parameters: { eid: schemas.eid },
    body: schemas.certificates,
    answers: answers(
      { 200: shows('Known already.', schemas.euicc), 201: shows('Known now.', schemas.euicc) },
      { 422: 'The chain does not lead to a trusted CI, or the certificate is that of another EID.' },
    ),
    handle: (call) => put(context, call),
  },
  {
    method: 'GET',
    path: '/euiccs/{eid}',
    summary: 'One eUICC with its profiles, as it said itself.',
    parameters: { eid: schemas.eid },
    answers: answers({ 200: shows('The eUICC.', schemas.euicc) }, { 404: 'No such eUICC.' }),
    async handle(call) {
      const state = await context.store.euicc(parameter(call, 'eid'))
      return state ? { status: 200, body: toEuicc(state) } : unknownEuicc
    },
  },
  {
    method: 'GET',
    path: '/euiccs',
    summary: 'All eUICCs in EID order, a page at a time. `next` is the `after` of the next page.',
    query: { after: schemas.eid, limit: schemas.limit },
    answers: answers({ 200: shows('A page.', schemas.euiccs) }),
    handle: (call) => page(context, call),
  },
  {
    method: 'GET',
    path: '/euiccs/{eid}/initial-configuration',
    summary:
      'The AddInitialEimRequest (BF57) that puts this eIM on the eUICC. It asks the eUICC for an association token.',
    parameters: { eid: schemas.eid },
    answers: answers({ 200: shows('The request.', schemas.addInitialEimRequest) }, { 404: 'No such eUICC.' }),
    async handle(call) {
      const state = await context.store.euicc(parameter(call, 'eid'))
      if (!state) return unknownEuicc
      const request = initialConfiguration(state, context.identity())
      return { status: 200, body: { addInitialEimRequest: Buffer.from(request).toString('base64') } }
    },
  },
  {
    method: 'PUT',
    path: '/euiccs/{eid}/association-token',
    summary:
      'The association token that the eUICC gave in its answer to the initial configuration. Both sides sign it from now on.',
    parameters: { eid: schemas.eid },
    body: schemas.token,
    answers: answers({ 200: shows('The eUICC.', schemas.euicc) }, { 404: 'No such eUICC.' }),
    async handle(call) {
      const { associationToken } = call.body as { associationToken: number }
      const { answer } = await context.step(
        { eid: parameter(call, 'eid') },
        ifKnown((before) => setAssociationToken(before, associationToken)),
      )
      return answer ? { status: 200, body: toEuicc(answer) } : unknownEuicc
    },
  },
  {
    method: 'PUT',
    path: '/euiccs/{eid}/inject',
    summary:
      'Where the IPA of this eUICC listens (TransferEimPackage). Packages are brought there from now on; it may poll as well.',
    parameters: { eid: schemas.eid },
    body: schemas.inject,
    answers: answers({ 200: shows('The eUICC.', schemas.euicc) }, { 404: 'No such eUICC.' }),
    handle: (call) => changeInject(context, call, call.body as Inject),
  },
  {
    method: 'DELETE',
    path: '/euiccs/{eid}/inject',
    summary: 'The IPA only polls from now on.',
    parameters: { eid: schemas.eid },
    answers: answers({ 200: shows('The eUICC.', schemas.euicc) }, { 404: 'No such eUICC.' }),
    handle: (call) => changeInject(context, call, undefined),
  },
  {
    method: 'GET',
    path: '/profiles/{iccid}',
    summary: 'A profile and the eUICC that holds it.',
    parameters: { iccid: schemas.iccid },
    answers: answers({ 200: shows('The profile.', schemas.heldProfile) }, { 404: 'No known eUICC holds it.' }),
    handle: (call) => heldProfile(context, parameter(call, 'iccid')),
  },
]

async function changeInject({ step }: NorthboundContext, call: Call, inject: Inject | undefined): Promise<Reply> {
  const { answer } = await step(
    { eid: parameter(call, 'eid') },
    ifKnown((before): Turn<EuiccState> => {
      const state = { ...without(before, 'inject'), ...(inject && { inject }) }
      return { state, effects: state.waiting.length > 0 ? [{ kind: 'queued' }] : [], answer: state }
    }),
  )
  return answer ? { status: 200, body: toEuicc(answer) } : unknownEuicc
}

interface Onboarding {
  readonly euiccCertificate: string
  readonly eumCertificate: string
  readonly specification?: Sgp32Version
}

async function put({ step, tools }: NorthboundContext, call: Call): Promise<Reply> {
  const eid = parameter(call, 'eid')
  const { euiccCertificate, eumCertificate, specification } = call.body as Onboarding
  const presented = { eid, euiccCertificate: fromBase64(euiccCertificate), eumCertificate: fromBase64(eumCertificate) }
  const found = recognize(presented, tools())
  if (found.kind === 'unreadable') return problem(400, 'A certificate cannot be read', found.detail)
  if (found.kind === 'refused') return problem(422, 'The eUICC is not recognized', found.detail)
  const { answer } = await step({ eid }, (before) => putEuicc(before, eid, { identity: found.identity, specification }))
  return {
    status: answer.isNew ? 201 : 200,
    headers: { location: `${BASE}/euiccs/${eid}` },
    body: toEuicc(answer.state),
  }
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

async function page({ store }: NorthboundContext, { query }: Call): Promise<Reply> {
  const { after, limit } = query as { after?: string; limit: number }
  const states = await store.euiccs({ ...(after !== undefined && { after }), limit: limit + 1 })
  const shown = states.slice(0, limit)
  const next = states.length > limit ? shown.at(-1)?.eid : undefined
  return { status: 200, body: { euiccs: shown.map(toEuicc), ...(next !== undefined && { next }) } }
}

async function heldProfile({ store }: NorthboundContext, iccid: string): Promise<Reply> {
  const eid = await store.eidOfProfile(iccid)
  const state = eid === undefined ? undefined : await store.euicc(eid)
  const profile = state?.inventory.profiles.find((one) => one.iccid === iccid)
  return profile ? { status: 200, body: { eid, ...profile } } : problem(404, 'No known eUICC holds this profile')
}
