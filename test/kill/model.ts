/** What a card must have done, and what the API must have said, when operations ran one after the other, each exactly once. */

export interface Asked {
  readonly kind: 'download' | 'enable' | 'disable' | 'delete'
  readonly iccid: string
}

export interface CardModel {
  readonly installed: ReadonlySet<string>
  readonly enabled: string | undefined
}

interface Foretold {
  readonly card: CardModel
  /** `type iccid` of each event of the card, in order. */
  readonly events: readonly string[]
  /** undefined: success. */
  readonly error?: string
}

type Rule = (card: CardModel, iccid: string) => Foretold

const refused = (card: CardModel, error: string): Foretold => ({ card, events: [], error })

const enable: Rule = (card, iccid) => ({
  card: { ...card, enabled: iccid },
  events: [...(card.enabled ? [`profile-disabled ${card.enabled}`] : []), `profile-enabled ${iccid}`],
})

/** Of one that is installed, but for the download; downloads activate, and deletes disable first. */
const rules: Readonly<Record<Asked['kind'], Rule>> = {
  download(card, iccid) {
    if (card.installed.has(iccid)) return refused(card, 'ESIM_ALREADY_INSTALLED')
    const enabled = enable({ ...card, installed: new Set([...card.installed, iccid]) }, iccid)
    return { ...enabled, events: [`profile-installed ${iccid}`, ...enabled.events] }
  },
  enable: (card, iccid) => (card.enabled === iccid ? refused(card, 'ESIM_NOT_DISABLED') : enable(card, iccid)),
  disable: (card, iccid) =>
    card.enabled === iccid
      ? { card: { ...card, enabled: undefined }, events: [`profile-disabled ${iccid}`] }
      : refused(card, 'ESIM_NOT_ENABLED'),
  delete(card, iccid) {
    const installed = new Set([...card.installed].filter((other) => other !== iccid))
    const deleted = `profile-deleted ${iccid}`
    if (card.enabled !== iccid) return { card: { ...card, installed }, events: [deleted] }
    return { card: { installed, enabled: undefined }, events: [`profile-disabled ${iccid}`, deleted] }
  },
}

export const foretell = (card: CardModel, { kind, iccid }: Asked): Foretold => {
  const isThere = kind === 'download' || card.installed.has(iccid)
  return isThere ? rules[kind](card, iccid) : refused(card, 'ESIM_NOT_INSTALLED')
}
