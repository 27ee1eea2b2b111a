import { useState } from 'react'
import { call } from '../api/client-http.ts'
import type { ActiveFault, FaultRow, ParameterSchema } from '../api/contract.ts'
import { faultsByHop, nothingWanted, switchOn, wantedOf } from '../model/faults.ts'
import { useResource } from '../state/resource-http.ts'
import { useSight } from '../state/sight-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Equivalent.tsx'
import { FaultWhen } from './FaultWhen.tsx'
import { Check, Choices, Field, Problem } from './Field.tsx'
import { clock, grouped } from './format.ts'

/** The catalogue, what is on, and what was done. */
export function Faults() {
  const world = useWorld()
  const catalogue = useResource<{ faults: readonly FaultRow[] }>('/faults/catalogue')
  const active = useResource<{ faults: readonly ActiveFault[] }>('/faults', world.news.get('fault'))
  const [chosen, setChosen] = useState<{ readonly fault: string; readonly active?: ActiveFault }>()
  const rows = catalogue.value?.faults ?? []
  const row = rows.find(({ fault }) => fault === chosen?.fault)
  return (
    <section className="act" aria-labelledby="faults-title">
      <h2 id="faults-title">Faults</h2>
      <Problem text={catalogue.problem} />
      <Active
        faults={active.value?.faults ?? []}
        changed={active.reload}
        edit={(found) => setChosen({ fault: found.fault, active: found })}
      />
      <div className="columns">
        <Catalogue rows={rows} chosen={row?.fault} choose={(fault) => setChosen({ fault })} />
        {row ? (
          <SwitchOn
            key={`${row.fault} ${chosen?.active?.id}`}
            row={row}
            active={chosen?.active}
            changed={() => {
              setChosen({ fault: row.fault })
              active.reload()
            }}
          />
        ) : (
          <p className="empty">
            A fault is a layer around correct code. Choose one to see what it does, and what the API must show then.
          </p>
        )}
      </div>
    </section>
  )
}

interface CatalogueProps {
  readonly rows: readonly FaultRow[]
  readonly chosen: string | undefined
  readonly choose: (fault: string) => void
}

function Catalogue({ rows, chosen, choose }: CatalogueProps) {
  const [text, setText] = useState('')
  return (
    <nav aria-label="Catalogue of faults" className="choices">
      <input
        type="search"
        aria-label="Search the catalogue"
        placeholder={`search ${rows.length} faults`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {faultsByHop(rows, text).map(([hop, faults]) => (
        <Choices
          key={hop}
          title={hop}
          choices={faults.map(({ fault }) => [fault, fault])}
          chosen={chosen}
          choose={choose}
        />
      ))}
    </nav>
  )
}

interface ActiveProps {
  readonly faults: readonly ActiveFault[]
  readonly changed: () => void
  readonly edit: (fault: ActiveFault) => void
}

function Active({ faults, changed, edit }: ActiveProps) {
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
        {faults.map((active) => (
          <li key={active.id}>
            <One
              active={active}
              show={() => show(active.id)}
              edit={() => edit(active)}
              off={() => off(`/faults/${active.id}`)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface OneProps {
  readonly active: ActiveFault
  readonly show: () => void
  readonly edit: () => void
  readonly off: () => Promise<void>
}

function One({ active, show, edit, off }: OneProps) {
  const { fault, strikes, devices = [], message, since, parameters, when = {} } = active
  const told = Object.entries({ ...parameters, ...when }).map(([name, value]) => `${name} ${value}`)
  return (
    <>
      <b>{fault}</b>
      <span className="mono quiet">{message}</span>
      <span className="quiet">
        {devices.length > 0 ? devices.map((eid) => `…${eid.slice(-6)}`).join(', ') : 'everywhere'}, since{' '}
        {clock(Date.parse(since)).slice(0, 8)}
        {told.length > 0 && `, ${told.join(', ')}`}
      </span>
      <button type="button" disabled={strikes === 0} onClick={show}>
        {strikes === 1 ? '1 strike' : `${strikes} strikes`}
      </button>
      <button type="button" aria-label={`Change ${fault}`} onClick={edit}>
        change
      </button>
      <button type="button" aria-label={`Switch ${fault} off`} onClick={() => void off()}>
        off
      </button>
    </>
  )
}

interface SwitchOnProps {
  readonly row: FaultRow
  /** One that is on and is changed. */
  readonly active: ActiveFault | undefined
  readonly changed: () => void
}

/** What is wanted of a fault, for one device or for all, and the request that says so. */
function useWanted({ row, active, changed }: SwitchOnProps) {
  const { ui } = useUi()
  const [wanted, setWanted] = useState(active ? wantedOf(active, row) : nothingWanted)
  const [isHere, setHere] = useState(active ? active.devices !== undefined : ui.eid !== '')
  const [problem, setProblem] = useState('')
  const eid = active?.devices?.[0] ?? ui.eid
  const request = switchOn(row, { ...wanted, eid: isHere ? eid : '' })
  const send = async () => {
    try {
      await call(request.method, request.path, request.body)
      if (active) await call('DELETE', `/faults/${active.id}`)
      changed()
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  const want = (more: Partial<typeof wanted>) => setWanted({ ...wanted, ...more })
  return { wanted, want, eid, isHere: isHere && eid !== '', setHere, request, send, problem }
}

function SwitchOn(props: SwitchOnProps) {
  const { row, active } = props
  const { wanted, want, eid, isHere, setHere, request, send, problem } = useWanted(props)
  const panel = useSight<HTMLFormElement>()
  return (
    <form ref={panel} action={send} className="panel action">
      <About row={row} />
      {Object.entries(row.parameters.properties ?? {}).map(([name, schema]) => (
        <Parameter
          key={name}
          name={name}
          schema={schema}
          value={wanted.values[name]}
          set={(value) => want({ values: { ...wanted.values, [name]: value } })}
        />
      ))}
      <FaultWhen row={row} wanted={wanted} set={want} />
      <Check isOn={isHere} isDisabled={eid === ''} set={setHere}>
        only on {eid ? <span className="mono">{grouped(eid)}</span> : 'a device that you choose in the fleet'}
      </Check>
      <button type="submit" className="primary">
        {active ? 'change it' : `switch it on ${isHere ? 'here' : 'everywhere'}`}
      </button>
      <Problem text={problem} />
      {active && (
        <p className="quiet">The changed one takes the place of the one that is on; its strikes count anew.</p>
      )}
      <Equivalent request={request} />
    </form>
  )
}

function About({ row }: { readonly row: FaultRow }) {
  const { shows, procedure, sentence } = row.outcome
  return (
    <>
      <h3>{row.fault}</h3>
      <p>{row.summary}</p>
      <p className="quiet">
        At <b>{row.hop}</b>, <span className="mono">{row.message}</span>. The procedure {procedure} then shows{' '}
        <b>{shows}</b>: {sentence}
      </p>
    </>
  )
}

interface ParameterProps {
  readonly name: string
  readonly schema: ParameterSchema
  readonly value: string | undefined
  readonly set: (value: string) => void
}

function Parameter({ name, schema, value = String(schema.default), set }: ParameterProps) {
  const kind = schema.type === 'boolean' ? ['true', 'false'] : schema.enum?.map(String)
  const label = (
    <>
      <b>{name}</b> {schema.description}
      {schema.minimum !== undefined && `, ${schema.minimum} to ${schema.maximum ?? '∞'}`}
    </>
  )
  return <Field label={label} kind={kind ?? 'text'} value={value} set={set} />
}
