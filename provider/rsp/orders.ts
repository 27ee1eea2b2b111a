/** Where profiles come from: the SM-DP+ that makes an activation code for an ICCID. For a dialect whose downloads name an ICCID and no code. */
export type Ordered =
  | { readonly kind: 'ordered'; readonly activationCode: string }
  | { readonly kind: 'refused'; readonly detail: string }

export interface ProfileOrders {
  /** Throws PlatformUnavailable when the SM-DP+ does not answer. */
  order(profile: { readonly eid: string; readonly iccid: string }): Promise<Ordered>
}

/** Of a provider that has no SM-DP+. */
export const noOrders: ProfileOrders = {
  order: async () => ({ kind: 'refused', detail: 'No SM-DP+ is configured.' }),
}
