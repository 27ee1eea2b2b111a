import { useEffect, useState } from 'react'
import { call } from '../api/client-http.ts'
import type { Message, Verdict } from '../api/contract.ts'
import { signedOctets } from '../model/signed.ts'

interface VerdictsProps {
  readonly eid: string
  readonly message: Message
}

/** What was signed in the message, and whether it holds; when nobody can tell, why. */
export function Verdicts({ eid, message }: VerdictsProps) {
  const [verdicts, setVerdicts] = useState<readonly Verdict[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    const octets = signedOctets(message)
    if (octets.length === 0) return
    if (eid === '') return setProblem('the message names no device')
    let isWanted = true
    call<{ verdicts: readonly Verdict[] }>('POST', `/devices/${eid}/verdicts`, { octets }).then(
      (answer) => isWanted && setVerdicts(answer.verdicts),
      (error: Error) => isWanted && setProblem(error.message),
    )
    return () => {
      isWanted = false
    }
  }, [eid, message])
  if (problem) return <p className="quiet">Signatures and certificates are not judged: {problem}.</p>
  if (verdicts.length === 0) return null
  return (
    <ul className="verdicts" aria-label="Signatures and certificates">
      {verdicts.map((verdict, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field may be there twice, and the list never changes
        <One key={`${place} ${verdict.field}`} verdict={verdict} />
      ))}
    </ul>
  )
}

const looks = { true: ['good', '✓'], false: ['bad', '✗'], undefined: ['faint', '?'] } as const

function One({ verdict: { field, kind, by, holds, reason } }: { readonly verdict: Verdict }) {
  const [tone, sign] = looks[`${holds}`]
  return (
    <li className={`mark ${tone}`}>
      {sign} {field} {kind === 'signature' ? `signed by ${by}` : `of ${by}, chain to the CI`}
      {reason && `: ${holds === undefined ? 'not judged, ' : ''}${reason}`}
    </li>
  )
}
