import { useState } from 'react'
import { call } from '../api/client-http.ts'
import type { Api, ApiOperation } from '../api/contract.ts'
import { bodyFor } from '../model/api-call.ts'
import { useResource } from '../state/resource-http.ts'
import { useSight } from '../state/sight-browser.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Equivalent.tsx'
import { Field, Options, Problem, Said } from './Field.tsx'

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
          <Options of={tenants} />
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

interface ApiCallProps {
  readonly operation: ApiOperation
  readonly tenant: string
}

/** A call as it is typed, beginning with the example for the chosen device, and what was answered. */
function useApiCall({ operation, tenant }: ApiCallProps) {
  const row = useWorld().devices.get(useUi().ui.eid)
  const [path, setPath] = useState(operation.path)
  const [typed, setTyped] = useState<string>()
  const [said, setSaid] = useState<{ readonly status: number; readonly body: unknown }>()
  const [problem, setProblem] = useState('')
  const { method, example } = operation
  const text = typed ?? (example === undefined ? '' : JSON.stringify(bodyFor(example, row), null, 2))
  const request = { method: 'POST', path: '/api/calls', body: { tenant, method, path, ...parsed(text) } } as const
  const send = async () => {
    try {
      if (text) JSON.parse(text)
      setSaid(await call('POST', request.path, request.body))
      setProblem('')
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  return { path, setPath, text, setTyped, request, send, said, problem }
}

function ApiCall(props: ApiCallProps) {
  const { method, example } = props.operation
  const { path, setPath, text, setTyped, request, send, said, problem } = useApiCall(props)
  return (
    <form action={send} className="action">
      <Field label="Path" value={path} set={setPath} />
      {example !== undefined && <Field label="Body" kind="json" rows={8} value={text} set={setTyped} />}
      <button type="submit" className="primary">
        {method} {path}
      </button>
      <Problem text={problem} />
      {said && <Said isGood={said.status < 400} text={`${said.status} ${JSON.stringify(said.body, null, 2)}`} />}
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
