import { useId, useState } from 'react'
import { call } from '../api/client-http.ts'
import type { Api, ApiOperation } from '../api/contract.ts'
import { bodyFor } from '../model/api-call.ts'
import { useResource } from '../state/resource-http.ts'
import { useSight } from '../state/sight-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Equivalent.tsx'

/** Any operation of the API that is served beside the testbed, as one of its tenants. */
export function ApiCalls() {
  const api = useResource<Api>('/api')
  const [chosen, setChosen] = useState(0)
  const [tenant, setTenant] = useState<string>()
  const operation = api.value?.operations[chosen]
  const panel = useSight<HTMLDivElement>()
  if (!api.value || !operation) return <p className="empty">{api.problem || 'Asking for the operations…'}</p>
  const { tenants, operations } = api.value
  const dialects = [...new Set(operations.map(({ dialect }) => dialect))]
  return (
    <div ref={panel} className="panel action">
      <h3>call the API</h3>
      <div className="bar">
        <select aria-label="Operation" value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
          {dialects.map((dialect) => (
            <optgroup key={dialect} label={dialect}>
              {operations.map(
                (row, i) =>
                  row.dialect === dialect && (
                    <option key={`${row.method} ${row.path}`} value={i}>
                      {row.method} {row.path}
                    </option>
                  ),
              )}
            </optgroup>
          ))}
        </select>
        <select aria-label="Tenant" value={tenant ?? tenants[0]} onChange={(event) => setTenant(event.target.value)}>
          {tenants.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <p>{operation.summary}</p>
      <ApiCall
        key={`${operation.method} ${operation.path}`}
        operation={operation}
        tenant={tenant ?? tenants[0] ?? ''}
      />
    </div>
  )
}

interface Said {
  readonly status: number
  readonly body: unknown
}

function ApiCall({ operation, tenant }: { readonly operation: ApiOperation; readonly tenant: string }) {
  const world = useWorld()
  const { ui } = useUi()
  const id = useId()
  const row = world.devices.get(ui.eid)
  const [path, setPath] = useState(operation.path)
  const [typed, setTyped] = useState<string>()
  const [said, setSaid] = useState<Said>()
  const [problem, setProblem] = useState('')
  const text =
    typed ?? (operation.example === undefined ? '' : JSON.stringify(bodyFor(operation.example, row), null, 2))
  const request = {
    method: 'POST',
    path: '/api/calls',
    body: { tenant, method: operation.method, path, ...parsed(text) },
  } as const
  const send = async () => {
    try {
      if (text) JSON.parse(text)
      setSaid(await call<Said>('POST', request.path, request.body))
      setProblem('')
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  return (
    <form action={send} className="action">
      <div className="field">
        <label htmlFor={`${id}path`}>Path</label>
        <input id={`${id}path`} className="mono" value={path} onChange={(event) => setPath(event.target.value)} />
      </div>
      {operation.example !== undefined && (
        <div className="field">
          <label htmlFor={`${id}body`}>Body</label>
          <textarea
            id={`${id}body`}
            className="mono"
            rows={8}
            spellCheck={false}
            value={text}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      <button type="submit" className="primary">
        {operation.method} {path}
      </button>
      {problem && <p className="verdict bad">{problem}</p>}
      {said && (
        <output className="answer" data-good={said.status < 400}>
          <pre>
            {said.status} {JSON.stringify(said.body, null, 2)}
          </pre>
        </output>
      )}
      <Equivalent request={request} />
    </form>
  )
}

/** Nothing while what is typed is no JSON. */
function parsed(text: string): { readonly body?: unknown } {
  try {
    return text ? { body: JSON.parse(text) } : {}
  } catch {
    return {}
  }
}
