/** The resource `leases` of the control API. */
import { problem, type Route } from '../../rest/index.ts'
import { type LeaseRequest, type Leases, refusalOf } from '../device/lease.ts'
import * as schemas from './schemas/leases.ts'

const ofLease = {
  path: '/leases/{leaseId}',
  parameters: { leaseId: { type: 'string' } },
}
const none = { 404: { description: 'No such lease.' } }

export const leaseRoutes = (leases: Leases): readonly Route[] => [
  {
    method: 'POST',
    path: '/leases',
    summary: 'Makes a device for one test: profiles brought onto it by real downloads, orders waiting at the SM-DP+.',
    body: schemas.leaseRequest,
    answers: {
      201: { description: 'The device.', schema: schemas.lease },
      409: { description: 'A fault struck while the device was made, with its name.' },
      422: { description: 'The shape contradicts itself.' },
    },
    async handle({ body }) {
      const request = body as LeaseRequest
      const refusal = refusalOf(request)
      if (refusal) return problem(422, 'The shape contradicts itself', refusal)
      const lease = await leases.make(request)
      return 'disturbed' in lease
        ? problem(409, 'A fault struck while the device was made', lease.disturbed)
        : { status: 201, body: lease }
    },
  },
  {
    ...ofLease,
    method: 'GET',
    summary: 'A lease as it was answered.',
    answers: { 200: { description: 'The lease.', schema: schemas.lease }, ...none },
    handle({ parameters }) {
      const lease = leases.find(parameters['leaseId'] ?? '')
      return lease ? { status: 200, body: lease } : problem(404, 'No such lease')
    },
  },
  {
    ...ofLease,
    method: 'DELETE',
    summary: 'Ends a lease. Its device stays as it is, but no longer polls.',
    answers: { 204: { description: 'Ended.' }, ...none },
    handle: ({ parameters }) =>
      leases.end(parameters['leaseId'] ?? '') ? { status: 204 } : problem(404, 'No such lease'),
  },
]
