import { useEffect, useState } from 'react'
import { get } from '../api/client-http.ts'
import type { Card } from '../api/contract.ts'
import { isLive } from './store-browser.ts'
import type { World } from './world.ts'

const KEPT = 200
const known = new Map<string, Promise<Card>>()

/** A card does not change between two of its events, so it is asked for once each. */
function load(key: string, path: string): Promise<Card> {
  const found = known.get(key)
  if (found) return found
  const loading = get<Card>(path)
  loading.catch(() => known.delete(key))
  known.set(key, loading)
  if (known.size > KEPT) known.delete(known.keys().next().value as string)
  return loading
}

/** The card of a device after one of its events; the one of before while it is being read. */
export function useCard(world: World, eid: string, sequence: number): Card | undefined {
  const [card, setCard] = useState<Card>()
  const startedAt = world.info?.startedAt
  const isNow = isLive(world)
  useEffect(() => {
    if (!eid) return
    let isWanted = true
    const path = `/devices/${eid}/card?sequence=${sequence}`
    const loading = isNow ? load(`${startedAt}/${eid}/${sequence}`, path) : Promise.resolve(ofRun(world, eid, sequence))
    loading.then(
      (found) => isWanted && setCard(found),
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [world, isNow, startedAt, eid, sequence])
  return card?.eid === eid ? card : undefined
}

/** The first card of the run that holds this event: those of one command happen at once. */
const ofRun = ({ cards }: World, eid: string, sequence: number): Card | undefined =>
  cards.get(eid)?.find((card) => card.sequence >= sequence)
