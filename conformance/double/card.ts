/** An eUICC reduced to what the control API shows of it: profiles, their states, the ordered events. For the runner's own tests. */
import { systemClock } from '../runner/clock-system.ts'
import type { CardEvent, LeaseRequest, OrderShape, ProfileState } from '../testbed/http.ts'

export interface CardProfile {
  readonly iccid: string
  state: ProfileState
  fallbackAllowed: boolean
  fallbackAttribute: boolean
}

export interface Order extends OrderShape {
  readonly iccid: string
  readonly activationCode: string
}

/** Done, or the refusal of the card or the SM-DP+ as code and details. */
export type CardAnswer = {
  readonly refused?: { readonly code: string; readonly message: string; readonly details?: string }
}

export interface Card {
  readonly eid: string
  readonly owner: string
  readonly events: CardEvent[]
  readonly profiles: CardProfile[]
  readonly orders: readonly Order[]
  reachable: boolean
  readonly enable: (iccid: string) => CardAnswer
  readonly disable: (iccid: string) => CardAnswer
  readonly remove: (iccid: string) => CardAnswer
  readonly setFallback: (iccid: string) => CardAnswer
  readonly install: (profile: CardProfile) => CardAnswer
}

const refused = (code: string, message: string, details?: string): CardAnswer => ({
  refused: { code, message, ...(details === undefined ? {} : { details }) },
})

export function createCard(eid: string, shape: LeaseRequest, nextIccid: () => string): Card {
  const events: CardEvent[] = []
  const profiles: CardProfile[] = []
  const record = (type: string, iccid: string): void => {
    const at = new Date(systemClock.now()).toISOString()
    events.push({ eid, sequence: events.length + 1, at, type, iccid, cause: 'LoadEuiccPackage' })
  }
  const find = (iccid: string) => profiles.find((profile) => profile.iccid === iccid)
  const become = (profile: CardProfile, state: ProfileState): void => {
    profile.state = state
    record(`profile-${state}`, profile.iccid)
  }
  const card: Card = {
    eid,
    owner: shape.owner ?? 'acme',
    events,
    profiles,
    reachable: true,
    orders: (shape.orders ?? []).map((order) => orderOf(nextIccid(), order)),
    enable(iccid) {
      const profile = find(iccid)
      if (profile?.state !== 'disabled') return refused('ESIM_NOT_DISABLED', 'The eSIM is not disabled.')
      for (const other of profiles) if (other.state === 'enabled') become(other, 'disabled')
      become(profile, 'enabled')
      return {}
    },
    disable(iccid) {
      const profile = find(iccid)
      if (profile?.state !== 'enabled') return refused('ESIM_NOT_ENABLED', 'The eSIM is not enabled.')
      become(profile, 'disabled')
      return {}
    },
    remove(iccid) {
      const profile = find(iccid)
      if (profile?.state !== 'disabled') return refused('ESIM_NOT_DISABLED', 'The eSIM is not disabled.')
      profiles.splice(profiles.indexOf(profile), 1)
      record('profile-deleted', iccid)
      return {}
    },
    setFallback(iccid) {
      const profile = find(iccid)
      if (profile?.state !== 'disabled') return refused('ESIM_NOT_DISABLED', 'The eSIM is not disabled.')
      if (!profile.fallbackAllowed) return refused('ESIM_FALLBACK_NOT_ALLOWED', 'The eSIM may not become the fallback.')
      for (const other of profiles) other.fallbackAttribute = other === profile
      record('fallback-attribute-set', iccid)
      return {}
    },
    install(profile) {
      if (find(profile.iccid) !== undefined) return refused('ESIM_ALREADY_INSTALLED', 'The eUICC has this eSIM.')
      profiles.push(profile)
      record('profile-installed', profile.iccid)
      return {}
    },
  }
  furnish(card, shape, nextIccid)
  return card
}

function furnish(card: Card, { profiles = [] }: LeaseRequest, nextIccid: () => string): void {
  for (const { state, fallbackAllowed = true, fallback = false } of profiles) {
    const iccid = nextIccid()
    card.install({ iccid, state: 'disabled', fallbackAllowed, fallbackAttribute: false })
    if (fallback) card.setFallback(iccid)
    if (state === 'enabled') card.enable(iccid)
  }
}

const orderOf = (iccid: string, shape: OrderShape): Order => ({
  ...shape,
  iccid,
  activationCode: `LPA:1$smdp.example.com$${shape.refuse === 'matchingId' ? 'UNKNOWN' : iccid}`,
})
