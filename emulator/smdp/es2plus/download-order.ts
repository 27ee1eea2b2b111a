/** ES2+.DownloadOrder: SGP.22 v2.5, 5.3.1. */
import type { Requester } from '../../rsp-server/index.ts'
import { can, type Order, profileTypeOf, reserved } from '../order.ts'
import { type ProfileType, profileTypes } from '../profile/types.ts'
import { es2Function, isOwn, type Operator, proven, type Shop } from './function.ts'

export interface DownloadOrderRequest {
  readonly eid?: string
  readonly iccid?: string
  readonly profileType?: string
}

interface Facts {
  readonly shop: Shop
  readonly request: DownloadOrderRequest
  readonly requester: Requester
  readonly operator: Operator
  /** The profile that the ICCID names. Absent: one is made. */
  readonly profile: Order | undefined
  readonly profileType: ProfileType | undefined
}

/**
 * Unverified: the codes of the first and of the last row.
 * Deviation: an ICCID that is not known is taken for a new profile when the type is given as well.
 */
export const downloadOrder = es2Function<DownloadOrderRequest, Facts, { iccid: string }>({
  facts(shop, request, requester) {
    return {
      shop,
      request,
      requester,
      operator: shop.operator(requester.functionRequesterIdentifier),
      profile: request.iccid === undefined ? undefined : shop.order(request.iccid),
      profileType: typeNamed(request.profileType),
    }
  },
  checks: [
    {
      id: 'iccid-or-profile-type-given',
      holds: ({ request }) => request.iccid !== undefined || request.profileType !== undefined,
      refusal: '1.6/2.3',
    },
    {
      id: 'profile-type-known',
      holds: ({ request, profileType }) => request.profileType === undefined || profileType !== undefined,
      refusal: '8.2.5/3.9',
    },
    {
      id: 'profile-type-of-the-requester',
      holds: ({ operator, profileType }) =>
        profileType === undefined || operator.profileTypes === undefined || profileType in operator.profileTypes,
      refusal: '8.2.5/1.2',
    },
    {
      id: 'iccid-known',
      holds: ({ profile, profileType }) => profile !== undefined || profileType !== undefined,
      refusal: '8.2.1/3.9',
    },
    {
      id: 'iccid-of-the-requester',
      holds: ({ profile, requester }) => isOwn(profile, requester),
      refusal: '8.2.1/1.2',
    },
    {
      id: 'profile-available',
      holds: ({ profile }) => profile === undefined || can(profile, 'allocate'),
      refusal: '8.2.1/3.3',
    },
    {
      id: 'profile-of-the-type',
      holds: ({ profile, profileType }) =>
        profile === undefined || profileType === undefined || profileTypeOf(profile) === profileType,
      refusal: '8.2.5/3.8',
    },
    { id: 'profiles-left', holds: areProfilesLeft, refusal: '8.2.5/3.7' },
  ],
  run({ shop, request: { iccid, eid }, requester, profile, profileType }) {
    const made = profile ?? shop.make({ ...profileTypes[proven(profileType)], ...(iccid !== undefined && { iccid }) })
    const order = { ...reserved(made, eid), requester: requester.functionRequesterIdentifier }
    return { order, answer: { iccid: order.iccid } }
  },
})

const typeNamed = (profileType: string | undefined): ProfileType | undefined =>
  profileType !== undefined && Object.hasOwn(profileTypes, profileType) ? (profileType as ProfileType) : undefined

function areProfilesLeft({ shop, requester, operator, profile, profileType }: Facts): boolean {
  if (profile || !profileType || !operator.profileTypes) return true
  return shop.countOf(requester.functionRequesterIdentifier, profileType) < (operator.profileTypes[profileType] ?? 0)
}
