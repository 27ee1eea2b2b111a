import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPlaces } from './places.ts'

const fill = (places: ReturnType<typeof createPlaces>, tenant: string): number => {
  let taken = 0
  for (; places.hasOneFor(tenant); taken++) places.take(tenant)
  return taken
}

it('gives half of the places to one who is alone, and half of what is free to everybody who comes', () => {
  const places = createPlaces(64)
  expect(['acme', 'globex', 'initech'].map((tenant) => fill(places, tenant))).toEqual([32, 16, 8])
  expect(places.waiting()).toEqual(['acme', 'globex', 'initech'])
})

it('gives a place that was left to whoever has fewer than are free', () => {
  const places = createPlaces(4)
  expect([fill(places, 'acme'), fill(places, 'globex')]).toEqual([2, 1])
  places.leave('acme')
  expect([places.hasOneFor('acme'), places.hasOneFor('globex')]).toEqual([true, true])
})

it('never gives more than there are, and never the last one to somebody who has one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')), (asking) => {
      const places = createPlaces(4)
      const taken = new Map<string, number>()
      for (const tenant of asking) {
        if (!places.hasOneFor(tenant)) continue
        places.take(tenant)
        taken.set(tenant, (taken.get(tenant) ?? 0) + 1)
      }
      const all = [...taken.values()].reduce((sum, count) => sum + count, 0)
      return all <= 4 && [...taken.values()].every((count) => count <= 2)
    }),
  )
})
