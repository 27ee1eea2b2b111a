import { useState } from 'react'
import { call } from '../api/client-http.ts'
import { type Action, actions, type Request, type Values } from '../model/actions.ts'
import { useCard } from '../state/card-http.ts'
import { isNarrow, useSight } from '../state/sight-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { ApiCalls } from './ApiCalls.tsx'
import { ClockNow } from './ClockNow.tsx'
import { Equivalent } from './Equivalent.tsx'
import { Choices, Field, Problem, Said } from './Field.tsx'
import { grouped } from './format.ts'
import { Runs } from './Runs.tsx'

const titled = (group: Action['group']) =>
  actions.filter((action) => action.group === group).map(({ id, title }) => [id, title] as const)

const groups = [
  { title: 'The API', choices: [['api', 'call the API']] },
  { title: 'The run', choices: [['runs', 'export, import, begin anew']] },
  { title: 'The device', choices: titled('device') },
  { title: 'Packages through the eIM', choices: titled('packages') },
  { title: 'The testbed', choices: titled('testbed') },
  { title: 'The clock', choices: titled('clock') },
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
          {groups.map((group) => (
            <Choices key={group.title} {...group} chosen={chosen} choose={setChosen} />
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

/** The form as it stands: what was typed where something was, and what became of sending it. */
function useForm(action: Action) {
  const world = useWorld()
  const { ui, change } = useUi()
  const card = useCard(world, action.isOfDevice ? ui.eid : '', world.devices.get(ui.eid)?.sequence ?? 0)
  const fields = action.fields(card)
  const [typed, setTyped] = useState<Values>({})
  const [answer, setAnswer] = useState<{ readonly isGood: boolean; readonly text: string }>()
  const values = Object.fromEntries(fields.map(({ name, initial }) => [name, typed[name] ?? initial]))
  const request = requestOf(action, ui.eid, values)
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
  const type = (name: string, value: string) => setTyped({ ...typed, [name]: value })
  return { fields, values, type, request, send, answer }
}

function Form({ action }: { readonly action: Action }) {
  const { fields, values, type, request, send, answer } = useForm(action)
  const panel = useSight<HTMLFormElement>()
  return (
    <form ref={panel} action={send} className="panel action">
      <h3>{action.title}</h3>
      <p className="quiet">{action.says}</p>
      {action.group === 'clock' && <ClockNow when={answer} />}
      {fields.map(({ name, label, kind }) => (
        <Field key={name} label={label} kind={kind} value={values[name] ?? ''} set={(value) => type(name, value)} />
      ))}
      {typeof request === 'string' ? (
        <Problem text={request} />
      ) : (
        <>
          <button type="submit" className="primary">
            {action.title}
          </button>
          <Equivalent request={request} />
        </>
      )}
      {answer && <Said {...answer} />}
    </form>
  )
}
