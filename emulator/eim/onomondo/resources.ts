/** REST resources of the onomondo dialect: an order as it was sent, and the package that it became. */

export const facilities = ['download', 'psmo', 'eco', 'edr', 'euicc'] as const
export type Facility = (typeof facilities)[number]

export interface Resource {
  readonly resourceId: string
  readonly facility: Facility
  readonly eidValue: string
  readonly order: unknown
  /** The package of the eIM. Absent: there was nothing to bring to a card, or it could not be understood. */
  readonly packageId?: string
  /** How an order without a package ended. */
  readonly outcome?: Outcome
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
}

/** One object for each result, its one member named like the type of the result. */
export type Outcome = readonly Readonly<Record<string, unknown>>[]

export interface Resources {
  put(resource: Resource): Promise<void>
  find(facility: Facility, resourceId: string): Promise<Resource | undefined>
  remove(resource: Resource): Promise<void>
  list(facility: Facility): Promise<readonly string[]>
}

export function createMemoryResources(): Resources {
  const resources = new Map<string, Resource>()
  return {
    async put(resource) {
      resources.set(resource.resourceId, resource)
    },
    async find(facility, resourceId) {
      const found = resources.get(resourceId)
      return found?.facility === facility ? found : undefined
    },
    async remove({ resourceId }) {
      resources.delete(resourceId)
    },
    list: async (facility) =>
      [...resources.values()].flatMap((one) => (one.facility === facility ? [one.resourceId] : [])),
  }
}
