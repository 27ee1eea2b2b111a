import type { Clock } from '../api/contract.ts'
import { useResource } from '../state/resource-http.ts'
import { useSeconds } from '../state/seconds-browser.ts'

/** What time it is in the testbed, asked every second and after each change. */
export function ClockNow({ when }: { readonly when: unknown }) {
  const { value, problem } = useResource<Clock>('/clock', `${useSeconds()} ${JSON.stringify(when)}`)
  if (!value) return <p className="quiet">{problem || 'Asking for the time…'}</p>
  const { now, mode, paused } = value
  return (
    <>
      <p className="clock-now">
        <time className="mono" dateTime={now}>
          {now.replace('T', ' ').replace('Z', ' UTC')}
        </time>{' '}
        <em className={`mark ${paused ? 'busy' : ''}`}>
          {mode === 'real' ? 'the clock of the machine' : paused ? 'virtual, stopped' : 'virtual, going on'}
        </em>
      </p>
      {mode === 'real' && (
        <p className="quiet">
          It cannot be stopped or advanced. A testbed that is started with <code>--time virtual</code> has a clock of
          its own.
        </p>
      )}
    </>
  )
}
