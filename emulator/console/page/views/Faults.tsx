import { useId, useState } from 'react'
import { call } from '../api/client-http.ts'
import type { ActiveFault, FaultRow, ParameterSchema } from '../api/contract.ts'
import type { Values } from '../model/actions.ts'
import { faultsByHop, switchOn } from '../model/faults.ts'
import { useResource } from '../state/resource-http.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Act.tsx'
import { clock, grouped } from './format.ts'

/** The catalogue, what is on, and what was done. */
export function Faults() {
  const world = useWorld()
  const catalogue = useResource<{ faults: readonly FaultRow[] }>('/faults/catalogue')
  const active = useResource<{ faults: readonly ActiveFault[] }>('/faults', world.news.get('fault'))
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string>()
  const rows = catalogue.value?.faults ?? []
  const row = rows.find(({ fault }) => fault === chosen)
  return (
    <section className="act" aria-labelledby="faults-title">
      <h2 id="faults-title">Faults</h2>
      {catalogue.problem && <p className="verdict bad">{catalogue.problem}</p>}
      <Active faults={active.value?.faults ?? []} changed={active.reload} />
      <div className="columns">
        <nav aria-label="Catalogue of faults" className="choices">
          <input
            type="search"
            aria-label="Search the catalogue"
            placeholder={`search ${rows.length} faults`}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {faultsByHop(rows, text).map(([hop, faults]) => (
            <fieldset key={hop}>
              <legend>{hop}</legend>
              {faults.map(({ fault }) => (
                <button key={fault} type="button" aria-pressed={fault === chosen} onClick={() => setChosen(fault)}>
                  {fault}
                </button>
              ))}
            </fieldset>
          ))}
        </nav>
        {row ? (
          <SwitchOn key={row.fault} row={row} changed={active.reload} />
        ) : (
          <p className="empty">
            A fault is a layer around correct code. Choose one to see what it does, and what the API must show then.
          </p>
        )}
      </div>
    </section>
  )
}

function Active({ faults, changed }: { readonly faults: readonly ActiveFault[]; readonly changed: () => void }) {
  const { change } = useUi()
  const world = useWorld()
  if (faults.length === 0) return <p className="quiet">Everything behaves. Nothing is switched on.</p>
  const off = async (path: string) => {
    await call('DELETE', path)
    changed()
  }
  const show = (id: string) => {
    const last = world.entries.findLast(({ message }) => message?.correlation?.['faultId'] === id)
    change({
      view: 'timeline',
      filter: { hidden: [], onlyTrouble: false, text: `injected ${id}` },
      onlyDevice: false,
      following: undefined,
      selected: last?.id,
    })
  }
  return (
    <section className="panel" aria-labelledby="active-title">
      <div className="bar">
        <h3 id="active-title">Switched on ({faults.length})</h3>
        <button type="button" onClick={() => void off('/faults')}>
          everything off
        </button>
      </div>
      <ul className="active-faults">
        {faults.map(({ id, fault, strikes, devices = [], message, since }) => (
          <li key={id}>
            <b>{fault}</b>
            <span className="mono quiet">{message}</span>
            <span className="quiet">
              {devices.length > 0 ? devices.map((eid) => `…${eid.slice(-6)}`).join(', ') : 'everywhere'}, since{' '}
              {clock(Date.parse(since)).slice(0, 8)}
            </span>
            <button type="button" disabled={strikes === 0} onClick={() => show(id)}>
              {strikes} strikes
            </button>
            <button type="button" aria-label={`Switch ${fault} off`} onClick={() => void off(`/faults/${id}`)}>
              off
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function SwitchOn({ row, changed }: { readonly row: FaultRow; readonly changed: () => void }) {
  const { ui } = useUi()
  const [values, setValues] = useState<Values>({})
  const [isHere, setHere] = useState(ui.eid !== '')
  const [when, setWhen] = useState({ nth: '', count: '' })
  const [problem, setProblem] = useState('')
  const request = switchOn(row, { values, eid: isHere ? ui.eid : '', ...when })
  const send = async () => {
    try {
      await call(request.method, request.path, request.body)
      setProblem('')
    } catch (error) {
      setProblem((error as Error).message)
    }
    changed()
  }
  const { shows, procedure, sentence } = row.outcome
  return (
    <form action={send} className="panel action">
      <h3>{row.fault}</h3>
      <p>{row.summary}</p>
      <p className="quiet">
        At <b>{row.hop}</b>, <span className="mono">{row.message}</span>. The procedure {procedure} then shows{' '}
        <b>{shows}</b>: {sentence}
      </p>
      {Object.entries(row.parameters.properties ?? {}).map(([name, schema]) => (
        <Parameter
          key={name}
          name={name}
          schema={schema}
          value={values[name]}
          set={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <div className="bar">
        <label className="check">
          <input
            type="checkbox"
            checked={isHere}
            disabled={!ui.eid}
            onChange={(event) => setHere(event.target.checked)}
          />
          only on {ui.eid ? <span className="mono">{grouped(ui.eid)}</span> : 'a device that you choose in the fleet'}
        </label>
        <label className="check">
          from occurrence
          <input
            className="short"
            inputMode="numeric"
            placeholder="1"
            value={when.nth}
            onChange={(event) => setWhen({ ...when, nth: event.target.value })}
          />
        </label>
        <label className="check">
          strikes at most
          <input
            className="short"
            inputMode="numeric"
            placeholder="∞"
            value={when.count}
            onChange={(event) => setWhen({ ...when, count: event.target.value })}
          />
        </label>
      </div>
      <button type="submit" className="primary">
        switch it on {isHere ? 'here' : 'everywhere'}
      </button>
      {problem && <p className="verdict bad">{problem}</p>}
      <Equivalent request={request} />
    </form>
  )
}

interface ParameterProps {
  readonly name: string
  readonly schema: ParameterSchema
  readonly value: string | undefined
  readonly set: (value: string) => void
}

function Parameter({ name, schema, value, set }: ParameterProps) {
  const id = useId()
  const choices = schema.type === 'boolean' ? ['true', 'false'] : schema.enum?.map(String)
  const shared = {
    id,
    className: 'mono',
    value: value ?? String(schema.default),
    onChange: (event: { readonly target: { readonly value: string } }) => set(event.target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        <b>{name}</b> {schema.description}
        {schema.minimum !== undefined && `, ${schema.minimum} to ${schema.maximum ?? '∞'}`}
      </label>
      {choices ? (
        <select {...shared}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input {...shared} />
      )}
    </div>
  )
}
