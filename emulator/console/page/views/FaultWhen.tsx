import { useId } from 'react'
import type { FaultRow } from '../api/contract.ts'
import { isForSeveral, messagesFor, type Wanted } from '../model/faults.ts'
import { useWorld } from '../state/store-browser.ts'

const fields = [
  { name: 'nth', label: 'from occurrence', usual: '1', mode: 'numeric' },
  { name: 'count', label: 'strikes at most', usual: '∞', mode: 'numeric' },
  { name: 'chance', label: 'chance of each', usual: '1', mode: 'decimal' },
  { name: 'seed', label: 'seed', usual: '0', mode: 'numeric' },
] as const

interface WhenProps {
  readonly row: FaultRow
  readonly wanted: Omit<Wanted, 'eid'>
  readonly set: (more: Partial<Wanted>) => void
}

/** Which messages are struck, and which of them. */
export function FaultWhen({ row, wanted, set }: WhenProps) {
  const { entries } = useWorld()
  const id = useId()
  return (
    <div className="when-fields">
      {isForSeveral(row) && (
        <div className="field">
          <label htmlFor={`${id}message`}>message</label>
          <input
            id={`${id}message`}
            className="mono"
            list={`${id}messages`}
            placeholder={row.message}
            value={wanted.message}
            onChange={(event) => set({ message: event.target.value })}
          />
          <datalist id={`${id}messages`}>
            {messagesFor(row, entries).map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </div>
      )}
      {fields.map(({ name, label, usual, mode }) => (
        <div key={name} className="field">
          <label htmlFor={`${id}${name}`}>
            {label}
            {name === 'seed' && row.seeded && `, also for ${row.seeded}`}
          </label>
          <input
            id={`${id}${name}`}
            className="mono"
            inputMode={mode}
            placeholder={usual}
            value={wanted[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </div>
      ))}
    </div>
  )
}
