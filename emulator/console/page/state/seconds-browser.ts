import { useEffect, useState } from 'react'

/** Counts the seconds for which it has been looked at. */
export function useSeconds(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return count
}
