import { useId, useState } from 'react'
import { call } from '../api/client-http.ts'
import { type Action, actions, type Field, type Request, type Values } from '../model/actions.ts'
import { useCard } from '../state/card-http.ts'
import { isNarrow, useSight } from '../state/sight-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { ApiCalls } from './ApiCalls.tsx'
import { ClockNow } from './ClockNow.tsx'
import { Equivalent } from './Equivalent.tsx'
import { grouped } from './format.ts'
import { Runs } from './Runs.tsx'

const groups = [
  { name: 'device', title: 'The device' },
  { name: 'packages', title: 'Packages through the eIM' },
  { name: 'testbed', title: 'The testbed' },
  { name: 'clock', title: 'The clock' },
] as const

/** On a narrow screen nothing is chosen at first: the choices come before what is chosen. */
const firstChoice = () => (isNarrow() ? '' : 'poll')

/** Everything that can be done, one form an action. */
export function Act() {
  const { ui } = useUi()
  const [chosen, setChosen] = useState(firstChoice)
  const action = actions.find(({ id }) => id === chosen)
  return (
    <section className="act" aria-labelledby="act-title">
      <h2 id="act-title">
        Act{' '}
        {ui.eid ? (
          <span className="mono quiet">on {grouped(ui.eid)}</span>
        ) : (
          <span className="quiet">choose a device for most of this</span>
        )}
      </h2>
      <div className="columns">
        <nav aria-label="Actions" className="choices">
          <fieldset>
            <legend>The API</legend>
            <button type="button" aria-pressed={chosen === 'api'} onClick={() => setChosen('api')}>
              call the API
            </button>
          </fieldset>
          <fieldset>
            <legend>The run</legend>
            <button type="button" aria-pressed={chosen === 'runs'} onClick={() => setChosen('runs')}>
              export, import, begin anew
            </button>
          </fieldset>
          {groups.map(({ name, title }) => (
            <fieldset key={name}>
              <legend>{title}</legend>
              {actions
                .filter(({ group }) => group === name)
                .map((row) => (
                  <button key={row.id} type="button" aria-pressed={row.id === chosen} onClick={() => setChosen(row.id)}>
                    {row.title}
                  </button>
                ))}
            </fieldset>
          ))}
        </nav>
        {chosen === 'api' && <ApiCalls />}
        {chosen === 'runs' && <Runs />}
        {chosen === action?.id && <Form key={`${action.id} ${ui.eid}`} action={action} />}
      </div>
    </section>
  )
}

/** A request, or why there is none. */
function requestOf(action: Action, eid: string, values: Values): Request | string {
  if (action.isOfDevice && !eid) return 'Choose a device in the fleet first.'
  try {
    return action.request(eid, values)
  } catch (error) {
    return (error as Error).message
  }
}

function Form({ action }: { readonly action: Action }) {
  const world = useWorld()
  const { ui, change } = useUi()
  const card = useCard(world, action.isOfDevice ? ui.eid : '', world.devices.get(ui.eid)?.sequence ?? 0)
  const fields = action.fields(card)
  const [typed, setTyped] = useState<Values>({})
  const [answer, setAnswer] = useState<{ readonly isGood: boolean; readonly text: string }>()
  const values = Object.fromEntries(fields.map(({ name, initial }) => [name, typed[name] ?? initial]))
  const request = requestOf(action, ui.eid, values)
  const panel = useSight<HTMLFormElement>()
  const send = async () => {
    if (typeof request === 'string') return
    try {
      const said = await call<unknown>(request.method, request.path, request.body)
      setAnswer({ isGood: true, text: said === '' ? 'done' : JSON.stringify(said, null, 2) })
      if (action.id === 'lease') change({ eid: (said as { eid: string }).eid })
    } catch (error) {
      setAnswer({ isGood: false, text: (error as Error).message })
    }
  }
  return (
    <form ref={panel} action={send} className="panel action">
      <h3>{action.title}</h3>
      <p className="quiet">{action.says}</p>
      {action.group === 'clock' && <ClockNow when={answer} />}
      {fields.map((field) => (
        <Input
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          set={(value) => setTyped({ ...typed, [field.name]: value })}
        />
      ))}
      {typeof request === 'string' ? (
        <p className="verdict bad">{request}</p>
      ) : (
        <>
          <button type="submit" className="primary">
            {action.title}
          </button>
          <Equivalent request={request} />
        </>
      )}
      {answer && (
        <output className="answer" data-good={answer.isGood}>
          <pre>{answer.text}</pre>
        </output>
      )}
    </form>
  )
}

interface InputProps {
  readonly field: Field
  readonly value: string
  readonly set: (value: string) => void
}

function Input({ field: { label, kind }, value, set }: InputProps) {
  const id = useId()
  const shared = {
    id,
    value,
    className: 'mono',
    onChange: (event: { readonly target: { readonly value: string } }) => set(event.target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {typeof kind !== 'string' ? (
        <select {...shared}>
          {kind.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : kind === 'json' ? (
        <textarea {...shared} rows={4} spellCheck={false} />
      ) : (
        <input {...shared} spellCheck={false} />
      )}
    </div>
  )
}
