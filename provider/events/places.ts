/** How many events are on their way at once, and whose. A tenant gets another place while more are free than it has, so the slow sinks of a few never take them all. */
export interface Places {
  hasOneFor(tenant: string): boolean
  /** Of those that are on their way, the tenants that get no other one now. */
  waiting(): readonly string[]
  take(tenant: string): void
  leave(tenant: string): void
}

export const createPlaces = (total: number): Places => {
  const taken = new Map<string, number>()
  let free = total
  const of = (tenant: string): number => taken.get(tenant) ?? 0
  const hasOneFor = (tenant: string): boolean => of(tenant) < free
  return {
    hasOneFor,
    waiting: () => [...taken.keys()].filter((tenant) => !hasOneFor(tenant)),
    take(tenant) {
      taken.set(tenant, of(tenant) + 1)
      free -= 1
    },
    leave(tenant) {
      const left = of(tenant) - 1
      if (left > 0) taken.set(tenant, left)
      else taken.delete(tenant)
      free += 1
    },
  }
}
