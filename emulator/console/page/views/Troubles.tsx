import { useState } from 'react'
import type { Episode } from '../model/episodes.ts'
import { useEpisodes } from '../state/store-browser.ts'
import { goTo, useUi } from '../state/ui.ts'
import { clock } from './format.ts'

const FEW = 3

/** What went wrong, the newest first, each by the message with which it began. */
export function Troubles() {
  const episodes = useEpisodes()
  const { ui } = useUi()
  const [isLong, setLong] = useState(false)
  if (episodes.length === 0 || ui.following !== undefined) return null
  return (
    <section className="troubles" aria-label="What went wrong">
      <ol data-long={isLong}>
        {episodes.slice(0, isLong ? 200 : FEW).map((episode) => (
          <One key={episode.first.id} episode={episode} />
        ))}
      </ol>
      {episodes.length > FEW && (
        <button type="button" className="link" aria-expanded={isLong} onClick={() => setLong(!isLong)}>
          {isLong ? 'fewer' : `${episodes.length - FEW} more`}
        </button>
      )}
    </section>
  )
}

function One({ episode: { first, last, count } }: { readonly episode: Episode }) {
  const { ui, change } = useUi()
  const isHere = ui.selected !== undefined && ui.selected >= first.id && ui.selected <= last.id
  const isRepeated = last.operation === first.operation && last.trouble === first.trouble
  return (
    <li>
      <button type="button" aria-pressed={isHere} onClick={() => change(goTo(first, ui))}>
        <span className="mono at">{clock(first.at).slice(0, 8)}</span>
        <span className="mono who">{first.eid ? `…${first.eid.slice(-6)}` : first.interface}</span>
        <b>{first.operation}</b>
        <em>{first.trouble}</em>
        {count > 1 && <i>{isRepeated ? `×${count}` : `+${count - 1} after it`}</i>}
      </button>
    </li>
  )
}
