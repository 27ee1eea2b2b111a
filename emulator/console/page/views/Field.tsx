import { type ReactNode, useId } from 'react'

export type Kind = 'text' | 'json' | readonly string[]

interface FieldProps {
  readonly label: ReactNode
  readonly value: string
  readonly set: (value: string) => void
  /** One line of text unless said otherwise; an array: one of these. */
  readonly kind?: Kind
  readonly rows?: number
  readonly placeholder?: string
  readonly mode?: 'numeric' | 'decimal'
  /** Offered beside what may be typed. */
  readonly suggestions?: readonly string[]
}

/** A value with its label. */
export function Field({ label, value, set, kind = 'text', rows = 4, placeholder, mode, suggestions }: FieldProps) {
  const id = useId()
  const list = suggestions && `${id}list`
  const shared = {
    ...{ id, value, className: 'mono' },
    onChange: (event: { readonly target: { readonly value: string } }) => set(event.target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {typeof kind === 'object' && (
        <select {...shared}>
          <Options of={kind} />
        </select>
      )}
      {kind === 'json' && <textarea {...shared} rows={rows} spellCheck={false} />}
      {kind === 'text' && (
        <input {...shared} inputMode={mode} placeholder={placeholder} list={list} spellCheck={false} />
      )}
      {suggestions && (
        <datalist id={list}>
          <Options of={suggestions} />
        </datalist>
      )}
    </div>
  )
}

export const Options = ({ of }: { readonly of: readonly string[] }) =>
  of.map((choice) => <option key={choice}>{choice}</option>)

interface CheckProps {
  readonly isOn: boolean
  readonly set: (isOn: boolean) => void
  readonly isDisabled?: boolean
  readonly children: ReactNode
}

export const Check = ({ isOn, set, isDisabled = false, children }: CheckProps) => (
  <label className="check">
    <input type="checkbox" checked={isOn} disabled={isDisabled} onChange={(event) => set(event.target.checked)} />
    {children}
  </label>
)

interface ChoicesProps {
  readonly title: string
  /** What is chosen -> what stands on its button. */
  readonly choices: readonly (readonly [id: string, title: string])[]
  readonly chosen: string | undefined
  readonly choose: (id: string) => void
}

/** One group of a list of choices at the side. */
export const Choices = ({ title, choices, chosen, choose }: ChoicesProps) => (
  <fieldset>
    <legend>{title}</legend>
    {choices.map(([id, name]) => (
      <button key={id} type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
        {name}
      </button>
    ))}
  </fieldset>
)

export const Problem = ({ text }: { readonly text: string | undefined }) =>
  text ? <p className="verdict bad">{text}</p> : null

/** What was answered to what was sent. */
export const Said = ({ isGood, text }: { readonly isGood: boolean; readonly text: string }) => (
  <output className="answer" data-good={isGood}>
    <pre>{text}</pre>
  </output>
)
