import type { Card, Profile } from '../api/contract.ts'
import { Flash, useArrivals } from './Flash.tsx'
import { grouped, octets } from './format.ts'

interface CardDrawingProps {
  readonly card: Card
  readonly chosen: string | undefined
  readonly choose: (iccid: string) => void
}

/** The card as one holds it: its contacts, its number, and what is in it. */
export function CardDrawing({ card, chosen, choose }: CardDrawingProps) {
  const { total, free } = card.memory
  const used = ((total - free) / total) * 100
  const arrived = useArrivals(
    card.eid,
    card.profiles.map(({ iccid }) => iccid),
  )
  return (
    <div className="sim">
      <div className="sim-head">
        <Contacts />
        <div>
          <p className="sim-kind">
            eUICC · SGP.32 {card.information['personality'] === 'iot' ? 'IoT' : 'consumer'} ·{' '}
            {card.information['euiccFirmwareVer']}
          </p>
          <p className="sim-eid mono">{grouped(card.eid)}</p>
        </div>
      </div>
      <ul className="slots" aria-label="Profiles">
        {card.profiles.map((profile) => (
          <li key={profile.iccid} className={arrived.has(profile.iccid) ? 'flash' : undefined}>
            <Slot
              eid={card.eid}
              profile={profile}
              isChosen={profile.iccid === chosen}
              choose={() => choose(profile.iccid)}
            />
          </li>
        ))}
        {card.profiles.length === 0 && <li className="slot-empty">no profile installed</li>}
      </ul>
      <div className="sim-memory">
        <meter min={0} max={100} value={used} aria-label="Memory used by profiles" />
        <span>
          {octets(free)} of {octets(total)} free
        </span>
        <Flash of={card.eid} value={card.sequence} className="mono">
          change {card.sequence}
        </Flash>
      </div>
    </div>
  )
}

const Contacts = () => (
  <svg className="contacts" viewBox="0 0 56 44" aria-hidden="true">
    <rect x="1" y="1" width="54" height="42" rx="8" />
    <path d="M1 15h18M1 29h18M37 15h18M37 29h18M19 1v42M37 1v42M19 15q9 6 18 0M19 29q9-6 18 0" />
  </svg>
)

interface SlotProps {
  readonly eid: string
  readonly profile: Profile
  readonly isChosen: boolean
  readonly choose: () => void
}

function Slot({ eid, profile, isChosen, choose }: SlotProps) {
  const {
    iccid,
    state,
    nickname,
    profileName,
    serviceProviderName,
    profileClass,
    policyRules,
    fallbackAttribute,
    fallbackAllowed,
    ecallIndication,
    size,
  } = profile
  return (
    <button type="button" className="slot" data-state={state} aria-pressed={isChosen} onClick={choose}>
      <span className="slot-top">
        <b className="mono">{iccid}</b>
        <Flash of={eid + iccid} value={state} className="slot-state">
          {state}
        </Flash>
      </span>
      <span>
        {nickname ?? profileName} <i>{serviceProviderName}</i>
      </span>
      <span className="marks">
        <em className="mark">{profileClass}</em>
        {fallbackAttribute && (
          <Flash of={eid} value={iccid} className="mark good">
            fallback
          </Flash>
        )}
        {!fallbackAttribute && fallbackAllowed && <em className="mark faint">fallback allowed</em>}
        {ecallIndication && <em className="mark">eCall</em>}
        {policyRules.map((rule) => (
          <em key={rule} className="mark busy">
            {rule.toUpperCase()}
          </em>
        ))}
        <i>{octets(size)}</i>
      </span>
    </button>
  )
}
