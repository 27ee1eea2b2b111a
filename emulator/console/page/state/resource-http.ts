import { useCallback, useEffect, useState } from 'react'
import { get } from '../api/client-http.ts'

export interface Resource<T> {
  readonly value: T | undefined
  readonly problem: string
  readonly reload: () => void
}

/** What a path of the control API says; asked again when `when` changes. */
export function useResource<T>(path: string, when: unknown = ''): Resource<T> {
  const [value, setValue] = useState<T>()
  const [problem, setProblem] = useState('')
  const [asked, setAsked] = useState(0)
  const reload = useCallback(() => setAsked((count) => count + 1), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again on purpose
  useEffect(() => {
    let isWanted = true
    get<T>(path).then(
      (found) => {
        if (!isWanted) return
        setValue(found)
        setProblem('')
      },
      (error: Error) => isWanted && setProblem(error.message),
    )
    return () => {
      isWanted = false
    }
  }, [path, when, asked])
  return { value, problem, reload }
}
