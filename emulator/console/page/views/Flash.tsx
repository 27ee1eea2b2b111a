import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'

interface FlashProps {
  /** Whose value it is: another one's is no change. */
  readonly of: string
  readonly value: string | number
  readonly className?: string
  readonly children: ReactNode
}

/** Lights up once when the value changes, so that the eye finds it. */
export function Flash({ of, value, className = '', children }: FlashProps) {
  const before = useRef({ of, value })
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    const isChange = before.current.of === of && before.current.value !== value
    before.current = { of, value }
    setChanges((count) => (isChange ? count + 1 : 0))
  }, [of, value])
  return (
    <span key={changes} className={changes > 0 ? `${className} flash` : className}>
      {children}
    </span>
  )
}

/** Which of these were not there before. Those of another one are no arrivals. */
export function useArrivals(of: string, keys: readonly string[]): ReadonlySet<string> {
  const known = useRef<{ readonly of: string; readonly keys: ReadonlySet<string> }>(undefined)
  const all = keys.join(' ')
  const arrived = useMemo(() => {
    const before = known.current
    return new Set(before?.of === of ? all.split(' ').filter((key) => key && !before.keys.has(key)) : [])
  }, [of, all])
  useEffect(() => {
    known.current = { of, keys: new Set(all.split(' ')) }
  }, [of, all])
  return arrived
}
