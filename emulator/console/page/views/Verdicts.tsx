import { useEffect, useState } from 'react'
import { call } from '../api/client-http.ts'
import type { Message, Verdict } from '../api/contract.ts'
import { signedOctets } from '../model/inspect.ts'

interface VerdictsProps {
  readonly eid: string
  readonly message: Message
}

/** What was signed in the message, and whether it holds. */
export function Verdicts({ eid, message }: VerdictsProps) {
  const [verdicts, setVerdicts] = useState<readonly Verdict[]>([])
  useEffect(() => {
    const octets = signedOctets(message)
    if (octets.length === 0) return
    let isWanted = true
    call<{ verdicts: readonly Verdict[] }>('POST', `/devices/${eid}/verdicts`, { octets }).then(
      (answer) => isWanted && setVerdicts(answer.verdicts),
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [eid, message])
  if (verdicts.length === 0) return null
  return (
    <ul className="marks" aria-label="Signatures and certificates">
      {verdicts.map(({ field, kind, by, holds, reason }) => (
        <li key={field} className={`mark ${holds ? 'good' : 'bad'}`}>
          {holds ? '✓' : '✗'} {field} {kind === 'signature' ? `signed by ${by}` : `of ${by}, chain to the CI`}
          {reason && `: ${reason}`}
        </li>
      ))}
    </ul>
  )
}
