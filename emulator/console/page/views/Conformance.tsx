import { useState } from 'react'
import { call } from '../api/client-http.ts'
import type { CheckResult, ConformanceRun } from '../api/contract.ts'
import { byVerdict, countsOf, placeOf } from '../model/conformance.ts'
import { useWorld } from '../state/store-browser.ts'
import { useUi } from '../state/ui.ts'
import { Equivalent } from './Equivalent.tsx'
import { Problem } from './Field.tsx'
import { clock } from './format.ts'

/** A run of the conformance suite: started, watched, and opened where a check failed. */
export function Conformance() {
  const { run } = useWorld()
  const [tags, setTags] = useState('')
  const [problem, setProblem] = useState('')
  const request = { method: 'POST', path: '/conformance', body: tags ? { tags } : {} } as const
  const start = async () => {
    try {
      await call(request.method, request.path, request.body)
      setProblem('')
    } catch (error) {
      setProblem((error as Error).message)
    }
  }
  return (
    <section className="act" aria-labelledby="conformance-title">
      <h2 id="conformance-title">Conformance</h2>
      <form action={start} className="bar">
        <input
          aria-label="Tag expression"
          placeholder="all scenarios, or a tag expression"
          className="mono tags"
          value={tags}
          onChange={(event) => setTags(event.target.value)}
        />
        <button type="submit" className="primary" disabled={run?.state === 'running'}>
          {run?.state === 'running' ? 'running…' : 'start a run'}
        </button>
      </form>
      <Problem text={problem} />
      {run ? (
        <Run run={run} />
      ) : (
        <p className="empty">
          No run was started here. It judges the provider that is served beside this testbed, against what the cards
          really do.
        </p>
      )}
      <Equivalent request={request} />
    </section>
  )
}

function Run({ run }: { readonly run: ConformanceRun }) {
  const { results, total, state, verdict, reason } = run
  return (
    <section className="panel" aria-label="Run">
      <div className="bar">
        <h3>{state === 'running' ? `since ${clock(Date.parse(run.startedAt)).slice(0, 8)}` : `ended: ${verdict}`}</h3>
        <output className="marks" aria-live="polite">
          {countsOf(results).map(([name, count]) => (
            <em key={name} className={`mark ${tones[name]}`}>
              {count} {name}
            </em>
          ))}
          <span className="quiet">
            {results.length} of {total || '…'}
          </span>
        </output>
      </div>
      <progress max={total || 1} value={results.length} aria-label="Checks that have ended" />
      <Problem text={reason} />
      <ul className="checks">
        {byVerdict(results).map((result) => (
          <Check key={`${result.name} ${result.startedAt}`} result={result} />
        ))}
      </ul>
    </section>
  )
}

const tones: Readonly<Record<CheckResult['verdict'], string>> = {
  pass: 'good',
  fail: 'bad',
  error: 'bad',
  skip: 'busy',
  off: 'faint',
}

function Check({ result }: { readonly result: CheckResult }) {
  const { entries } = useWorld()
  const { change } = useUi()
  const { name, feature, verdict, step, reason, mismatches, eids } = result
  const open = () => {
    const place = placeOf(result, entries)
    const [eid = ''] = eids
    change({
      view: 'timeline',
      eid,
      onlyDevice: eid !== '',
      following: undefined,
      selected: place?.id,
      filter: { hidden: [], onlyTrouble: false, text: '' },
    })
  }
  return (
    <li data-verdict={verdict}>
      <em className={`mark ${tones[verdict]}`}>{verdict}</em>
      <span>
        <b>{name}</b> <i className="quiet">{feature}</i>
        {step && <span className="why">{step}</span>}
        {reason && <span className="why">{reason}</span>}
        {mismatches.map((mismatch) => (
          <code key={JSON.stringify(mismatch)} className="why">
            {JSON.stringify(mismatch)}
          </code>
        ))}
      </span>
      <button type="button" onClick={open}>
        open in the timeline
      </button>
    </li>
  )
}
