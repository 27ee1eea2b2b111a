import { type ReactNode, useRef, useState } from 'react'
import { call, get, send } from '../api/client-http.ts'
import type { KeptRun } from '../api/contract.ts'
import type { Request } from '../model/actions.ts'
import { runFileName, saveFile } from '../state/file-browser.ts'
import { useResource } from '../state/resource-http.ts'
import { useSight } from '../state/sight-browser.ts'
import { openRun, useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Equivalent.tsx'
import { Problem } from './Field.tsx'
import { octets } from './format.ts'

const NDJSON = 'application/x-ndjson'
const FILE = 'run.ndjson'

const requests = {
  export: { method: 'GET', path: '/run', into: FILE },
  keep: { method: 'POST', path: '/runs/snapshots', body: { title: 'a snapshot' } },
  anew: { method: 'DELETE', path: '/run' },
} as const satisfies Record<string, Request>

/** The run under way, and runs that the testbed keeps for whoever looks at it. */
export function Runs() {
  const world = useWorld()
  const kept = useResource<{ runs: readonly KeptRun[] }>('/runs', JSON.stringify(world.news.get('runs')))
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState('')
  const panel = useSight<HTMLDivElement>()
  const act = (what: string, does: () => Promise<unknown>) =>
    does().then(
      () => {
        setSaid(what)
        setProblem('')
        kept.reload()
      },
      (error: Error) => setProblem(error.message),
    )
  return (
    <div ref={panel} className="panel action">
      <h3>The run</h3>
      <output className="quiet" aria-live="polite">
        {said}
      </output>
      <Problem text={problem} />
      <Way
        title="export the run"
        says="What is kept of the event stream, and every card after each of its changes, as a file."
        request={requests.export}
        act={() => act('exported', async () => saveFile(runFileName(), await get<string>('/run')))}
      />
      <Import act={act} />
      <Way
        title="keep the run so far"
        says="The testbed keeps it as it is now, for whoever looks at it."
        request={requests.keep}
        act={() => act('kept', () => call('POST', requests.keep.path, requests.keep.body))}
      />
      <Way
        title="begin the run anew"
        says="Trace and events are forgotten. Devices, orders and faults stay as they are."
        request={requests.anew}
        act={() => act('begun anew', () => call('DELETE', '/run'))}
      />
      <KeptRuns runs={kept.value?.runs ?? []} act={act} />
    </div>
  )
}

type Act = (what: string, does: () => Promise<unknown>) => Promise<void>

interface WayProps {
  readonly title: string
  readonly says: string
  readonly request: Request
  readonly act: () => void
  readonly children?: ReactNode
}

const Way = ({ title, says, request, act, children }: WayProps) => (
  <div className="way">
    <button type="button" className="primary" onClick={act}>
      {title}
    </button>
    {children}
    <p className="quiet">{says}</p>
    <details>
      <summary>by hand</summary>
      <Equivalent request={request} />
    </details>
  </div>
)

/** A file goes to the testbed, which keeps it. */
function Import({ act }: { readonly act: Act }) {
  const file = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const path = `/runs?title=${encodeURIComponent(name || FILE)}`
  const take = async (chosen: File | undefined) => {
    if (!chosen) return
    setName(chosen.name)
    const title = encodeURIComponent(chosen.name)
    await act(`${chosen.name} imported`, async () =>
      send('POST', `/runs?title=${title}`, { text: await chosen.text(), type: NDJSON }),
    )
  }
  return (
    <Way
      title="import a run"
      says="A run that was exported, here or elsewhere, goes to the testbed and is kept there. No card becomes another one."
      request={{ method: 'POST', path, file: name || FILE }}
      act={() => file.current?.click()}
    >
      <input
        ref={file}
        type="file"
        accept=".ndjson"
        hidden
        aria-label="A run to import"
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </Way>
  )
}

function KeptRuns({ runs, act }: { readonly runs: readonly KeptRun[]; readonly act: Act }) {
  const { change } = useUi()
  const open = async (runId: string) => {
    openRun(await get<string>(`/runs/${runId}`))
    change({ view: 'timeline', moment: undefined, pinned: undefined, selected: undefined, following: undefined })
  }
  return (
    <section className="kept" aria-labelledby="kept-title">
      <h4 id="kept-title">Kept by the testbed ({runs.length})</h4>
      {runs.length === 0 && <p className="quiet">No run is kept.</p>}
      <ul>
        {runs.map(({ runId, title, keptAt, size, devices, events }) => (
          <li key={runId}>
            <b>{title}</b>
            <span className="quiet">
              {keptAt.slice(0, 19).replace('T', ' ')} · {devices} devices, {events} events, {octets(size)}
            </span>
            <button type="button" onClick={() => void act('opened', () => open(runId))}>
              open
            </button>
            <button type="button" onClick={() => void act('deleted', () => call('DELETE', `/runs/${runId}`))}>
              delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
