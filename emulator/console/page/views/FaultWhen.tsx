import type { FaultRow } from '../api/contract.ts'
import { isForSeveral, messagesFor, type Wanted } from '../model/faults.ts'
import { useWorld } from '../state/store-browser.ts'
import { Field } from './Field.tsx'

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
  return (
    <div className="when-fields">
      {isForSeveral(row) && (
        <Field
          label="message"
          placeholder={row.message}
          suggestions={messagesFor(row, entries)}
          value={wanted.message}
          set={(message) => set({ message })}
        />
      )}
      {fields.map(({ name, label, usual, mode }) => (
        <Field
          key={name}
          label={name === 'seed' && row.seeded ? `${label}, also for ${row.seeded}` : label}
          placeholder={usual}
          mode={mode}
          value={wanted[name]}
          set={(value) => set({ [name]: value })}
        />
      ))}
    </div>
  )
}
