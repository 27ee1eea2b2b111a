/** Where profiles come from: the SM-DP+ that makes an activation code for an ICCID. For a dialect whose downloads name an ICCID and no code. */
export type Ordered =
  | { readonly kind: 'ordered'; readonly activationCode: string }
  | { readonly kind: 'refused'; readonly detail: string }

export interface OrderedProfile {
  readonly eid: string
  readonly iccid: string
}

/** Throws PlatformUnavailable when the SM-DP+ does not answer. */
export interface ProfileOrders {
  order(profile: OrderedProfile): Promise<Ordered>
  /** In the place of an order of ours for the same profile and eUICC, of which nobody may make use any more. Refused: there is none, or it is too late. */
  reorder(profile: OrderedProfile): Promise<Ordered>
}

const none = async (): Promise<Ordered> => ({ kind: 'refused', detail: 'No SM-DP+ is configured.' })

/** Of a provider that has no SM-DP+. */
export const noOrders: ProfileOrders = { order: none, reorder: none }
